package io.cordon.process.quota;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/**
 * Removes groups. Their last processes may still be leaving: these are in a group until the kernel
 * has taken them apart, which is after their death was reported.
 */
final class GroupRemoval {
  private static final long LEAST_WAIT = Duration.ofNanos(100_000).toNanos();
  private static final long LONGEST_WAIT = Duration.ofMillis(10).toNanos();

  private final CgroupVersion version;
  private final ProcessSignals signals;
  private final Duration patience;

  GroupRemoval(CgroupVersion version, ProcessSignals signals, Duration patience) {
    this.version = version;
    this.signals = signals;
    this.patience = patience;
  }

  /**
   * Removes a group that has no children. Whoever is still in it is killed.
   *
   * @throws IOException if somebody is still in it when patience ends, with their pids
   */
  void remove(ControlGroup group) throws IOException {
    boolean interrupted = Thread.interrupted(); // or parking would not wait
    try {
      long deadline = System.nanoTime() + patience.toNanos();
      for (long wait = LEAST_WAIT; ; wait = Math.min(2 * wait, LONGEST_WAIT)) {
        try {
          group.remove();
          return;
        } catch (IOException e) {
          if (System.nanoTime() - deadline > 0) {
            throw new IOException(
                group.directory() + " can't be removed; in it are " + group.processes(), e);
          }
        }
        version.kill(List.of(group), signals);
        LockSupport.parkNanos(wait);
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /** Removes a group and all below it. */
  void destroy(ControlGroup group) throws IOException {
    for (ControlGroup child : group.children()) {
      destroy(child);
    }
    remove(group);
  }
}
