package io.cordon.engine.task;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Every task that has not ended, so that none outlives the application's sandboxes. */
public final class LiveTasks {
  private final Set<EngineTaskHandle<?>> live = ConcurrentHashMap.newKeySet();
  private volatile boolean closed;

  /** Adds a task. Returns false if there are to be no more. */
  boolean add(EngineTaskHandle<?> task) {
    live.add(task);
    // Looked at last: a task that is not refused here is in the set that close() goes through.
    if (closed) {
      live.remove(task);
      return false;
    }
    return true;
  }

  void remove(EngineTaskHandle<?> task) {
    live.remove(task);
  }

  /** Whether there are to be no more. */
  public boolean closed() {
    return closed;
  }

  /** Cancels every task, and waits until each has ended. */
  public void close() {
    closed = true;
    live.forEach(EngineTaskHandle::cancel);
    live.forEach(EngineTaskHandle::outcome);
  }
}
