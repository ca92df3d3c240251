package io.cordon.vm.qemu;

import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;

/** When a machine reached what, counted from its start. Safe for several threads. */
public final class BootTimes {
  private final long start = System.nanoTime();
  private final Map<Phase, Duration> reached = new EnumMap<>(Phase.class);

  /** What a machine comes to. */
  public enum Phase {
    /** The monitor has answered. */
    VMM_ANSWERS,
    /** The guest's first process has loaded its modules. */
    INIT_RUNS,
    /** The program is executing. */
    PROGRAM_RUNS,
    /** The program has ended. */
    PROGRAM_ENDED,
    /** The machine's process has ended. */
    VMM_GONE
  }

  BootTimes() {}

  synchronized void reach(Phase phase) {
    reached.putIfAbsent(phase, Duration.ofNanos(System.nanoTime() - start));
  }

  /** What has been reached until now. */
  public synchronized Map<Phase, Duration> reached() {
    return Map.copyOf(reached);
  }

  @Override
  public synchronized String toString() {
    StringBuilder text = new StringBuilder();
    reached.forEach(
        (phase, time) -> text.append(" %s %.2f s".formatted(phase, time.toMillis() / 1000.0)));
    return text.toString().trim();
  }
}
