package io.cordon.engine.supervision;

import com.google.common.util.concurrent.Uninterruptibles;
import io.cordon.engine.verdict.Stop;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;

/**
 * Looks at every running task, again and again, from one thread. A task is killed within one period
 * of its reason, so the period bounds how much further than its limit it gets.
 */
public final class Supervisor implements AutoCloseable {
  private static final Duration PERIOD = Duration.ofMillis(20);

  /**
   * Periods without any task before the thread lies down. Short calls in a row find it awake, and
   * never pay for waking it.
   */
  private static final int QUIET_PERIODS = 50;

  private final Set<RunningTask> running = ConcurrentHashMap.newKeySet();
  private final Thread thread;
  private volatile boolean asleep;
  private volatile boolean closed;

  /** Begins to look. */
  public Supervisor() {
    thread = Thread.ofPlatform().daemon().name("cordon-supervisor").start(this::run);
  }

  /** Looks at a task from now on, until {@link #forget}. */
  public void watch(RunningTask task) {
    running.add(task);
    if (asleep) {
      LockSupport.unpark(thread);
    }
  }

  /** The task has ended. */
  public void forget(RunningTask task) {
    running.remove(task);
  }

  private void run() {
    int quiet = 0;
    while (!closed) {
      if (running.isEmpty() && ++quiet > QUIET_PERIODS) {
        sleepUntilWatched();
        quiet = 0;
      } else {
        LockSupport.parkNanos(this, PERIOD.toNanos());
      }
      for (RunningTask task : running) {
        quiet = 0;
        look(task);
      }
    }
  }

  private void sleepUntilWatched() {
    asleep = true;
    // A task that was added before the line above saw a thread that was awake.
    while (running.isEmpty() && !closed) {
      LockSupport.park(this);
    }
    asleep = false;
  }

  /** A task that can't be watched is not let run: the others have to be looked at, too. */
  private static void look(RunningTask task) {
    try {
      task.look();
    } catch (RuntimeException | Error e) {
      task.stop(new Stop.Broken("the host could not watch it: " + e));
    }
  }

  @Override
  public void close() {
    closed = true;
    LockSupport.unpark(thread);
    Uninterruptibles.joinUninterruptibly(thread);
  }
}
