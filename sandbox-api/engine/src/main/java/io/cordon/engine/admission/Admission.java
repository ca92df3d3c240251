package io.cordon.engine.admission;

import java.util.OptionalInt;
import java.util.concurrent.atomic.AtomicInteger;

/** Counts the tasks that a tenant has running, and says when there are enough. */
public final class Admission {
  private final int limit;
  private final AtomicInteger running = new AtomicInteger();

  /** Admits up to {@code tasks.concurrent} at once, or any number where that is not limited. */
  public Admission(OptionalInt limit) {
    this.limit = limit.orElse(Integer.MAX_VALUE);
  }

  /**
   * Admits one task, if there is room; {@link #leave} is called once for each that was admitted.
   */
  public boolean enter() {
    if (running.incrementAndGet() <= limit) {
      return true;
    }
    running.decrementAndGet();
    return false;
  }

  /** One admitted task has ended. */
  public void leave() {
    running.decrementAndGet();
  }

  /** Why the next one is refused. */
  public String refusal(String tenant) {
    return "tenant %s has its %d tasks running already (tasks.concurrent): wait for one, or raise it"
        .formatted(tenant, limit);
  }
}
