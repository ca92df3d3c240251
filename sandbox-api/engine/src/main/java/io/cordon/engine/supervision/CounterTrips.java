package io.cordon.engine.supervision;

import io.cordon.policy.Limit;
import io.cordon.policy.SandboxLimits;
import io.cordon.policy.TaskLimits;
import io.cordon.sandbox.Evidence;
import io.cordon.sandbox.Trip;
import io.cordon.sandbox.spi.CellCounters;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The limits that a task has met, as a cell's counters before and after tell: a pure function. */
final class CounterTrips {
  /** tmpfs counts in pages: with less than one left, every write that needs one was denied. */
  private static final long PAGE = 4096;

  private CounterTrips() {}

  /** The trips, denials before kills: once something has killed, nothing more is denied. */
  static List<Trip> between(
      CellCounters before, CellCounters after, SandboxLimits sandbox, TaskLimits task) {
    List<Trip> trips = new ArrayList<>(0); // as good as always empty
    Limit.Effect ofDenial =
        switch (task.onDeny()) {
          case CONTINUE -> Limit.Effect.DENY;
          case KILL -> Limit.Effect.KILL;
        };
    long denied = after.pidsDenied() - before.pidsDenied();
    if (denied > 0) {
      trips.add(new Trip(Limit.PIDS, ofDenial, denied, sandbox.pidsMax(), after.pidsEvidence()));
    }
    disk(after, sandbox.disk(), ofDenial).ifPresent(trips::add);
    if (after.memoryKills() > before.memoryKills()) {
      trips.add(
          new Trip(
              Limit.MEMORY,
              Limit.Effect.KILL,
              after.memoryPeak().orElse(sandbox.memoryMax()),
              sandbox.memoryMax(),
              after.memoryEvidence()));
    }
    long cpu = after.cpuNanos() - before.cpuNanos();
    Optional<Duration> allowed = task.cpuTime();
    if (allowed.isPresent() && cpu >= allowed.get().toNanos()) {
      trips.add(
          new Trip(
              Limit.CPU_TIME, Limit.Effect.KILL, cpu, allowed.get().toNanos(), Evidence.KERNEL));
    }
    return trips;
  }

  private static Optional<Trip> disk(
      CellCounters after, SandboxLimits.Disk limit, Limit.Effect effect) {
    if (after.diskBytes() > limit.bytes() - PAGE) {
      return Optional.of(
          new Trip(Limit.DISK, effect, after.diskBytes(), limit.bytes(), Evidence.HOST));
    }
    if (after.diskInodes() >= limit.inodes()) {
      return Optional.of(
          new Trip(Limit.DISK_INODES, effect, after.diskInodes(), limit.inodes(), Evidence.HOST));
    }
    return Optional.empty();
  }
}
