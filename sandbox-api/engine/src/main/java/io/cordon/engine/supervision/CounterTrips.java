package io.cordon.engine.supervision;

import io.cordon.policy.Limit;
import io.cordon.policy.SandboxLimits;
import io.cordon.policy.TaskLimits;
import io.cordon.policy.TenantLimits;
import io.cordon.sandbox.Evidence;
import io.cordon.sandbox.Trip;
import io.cordon.sandbox.spi.CellCounters;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The limits that a task has met, as a cell's counters before and after tell: a pure function. */
public final class CounterTrips {
  /** tmpfs counts in pages: with less than one left, every write that needs one was denied. */
  private static final long PAGE = 4096;

  private CounterTrips() {}

  /** The trips, denials before kills: once something has killed, nothing more is denied. */
  static List<Trip> between(
      CellCounters before,
      CellCounters after,
      SandboxLimits sandbox,
      TenantLimits tenant,
      TaskLimits task) {
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
    ofTenant(before, after, tenant, ofDenial, trips);
    disk(after, sandbox.disk(), ofDenial).ifPresent(trips::add);
    memoryKill(after, sandbox, tenant).ifPresent(trips::add);
    long cpu = after.cpuNanos() - before.cpuNanos();
    Optional<Duration> allowed = task.cpuTime();
    if (allowed.isPresent() && cpu >= allowed.get().toNanos()) {
      trips.add(
          new Trip(
              Limit.CPU_TIME, Limit.Effect.KILL, cpu, allowed.get().toNanos(), Evidence.KERNEL));
    }
    return trips;
  }

  /**
   * The kill for want of memory, if there was one: for the cell's own limit, or its tenant's.
   * Whatever the cell had used before: one that has met such a kill is dead, or about to be.
   */
  public static Optional<Trip> memoryKill(
      CellCounters after, SandboxLimits sandbox, TenantLimits tenant) {
    if (after.memoryKills() > 0) {
      long allowed = sandbox.memoryMax();
      return Optional.of(
          new Trip(
              Limit.MEMORY,
              Limit.Effect.KILL,
              after.memoryPeak().orElse(allowed),
              allowed,
              after.memoryEvidence()));
    }
    if (after.tenant().memoryKills() > 0) {
      long allowed = tenant.memoryMax().orElse(0);
      return Optional.of(
          new Trip(
              Limit.TENANT_MEMORY,
              Limit.Effect.KILL,
              after.tenant().memoryPeak().orElse(allowed),
              allowed,
              after.tenant().memoryEvidence()));
    }
    return Optional.empty();
  }

  private static void ofTenant(
      CellCounters before,
      CellCounters after,
      TenantLimits tenant,
      Limit.Effect ofDenial,
      List<Trip> trips) {
    long denied = after.tenant().pidsDenied() - before.tenant().pidsDenied();
    if (denied > 0) {
      trips.add(
          new Trip(
              Limit.TENANT_PIDS,
              ofDenial,
              denied,
              tenant.pidsMax().orElse(0),
              after.tenant().pidsEvidence()));
    }
  }

  private static Optional<Trip> disk(
      CellCounters after, SandboxLimits.Disk limit, Limit.Effect effect) {
    if (after.diskBytes() > limit.bytes() - PAGE) {
      return Optional.of(
          new Trip(Limit.DISK, effect, after.diskBytes(), limit.bytes(), after.diskEvidence()));
    }
    if (after.diskInodes() >= limit.inodes()) {
      return Optional.of(
          new Trip(
              Limit.DISK_INODES, effect, after.diskInodes(), limit.inodes(), after.diskEvidence()));
    }
    return Optional.empty();
  }
}
