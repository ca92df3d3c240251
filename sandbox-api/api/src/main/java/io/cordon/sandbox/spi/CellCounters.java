package io.cordon.sandbox.spi;

import io.cordon.sandbox.Evidence;
import java.util.OptionalLong;

/**
 * What a cell has used. Counters only grow, but for those named current.
 *
 * @param cpuUserNanos processor time in user mode
 * @param cpuSystemNanos processor time in the kernel
 * @param memoryCurrent bytes of memory now
 * @param memoryPeak the most bytes at once
 * @param memoryKills how many processes were killed for the cell's own {@code memory.max}
 * @param memoryEvidence who counts memory: the kernel, or the host by looking
 * @param pidsCurrent processes and threads now
 * @param pidsDenied how often one more was denied; where the host only looks: how often it saw the
 *     limit reached
 * @param pidsEvidence who counts processes
 * @param diskBytes bytes in use in the working directory and {@code /tmp}
 * @param diskInodes files in use there
 * @param diskEvidence who looks at the disk
 * @param flow how it was slowed down, and what it read and wrote
 * @param tenant what befell it because its tenant as a whole had met a limit
 */
public record CellCounters(
    long cpuUserNanos,
    long cpuSystemNanos,
    OptionalLong memoryCurrent,
    OptionalLong memoryPeak,
    long memoryKills,
    Evidence memoryEvidence,
    long pidsCurrent,
    long pidsDenied,
    Evidence pidsEvidence,
    long diskBytes,
    long diskInodes,
    Evidence diskEvidence,
    Flow flow,
    TenantTrips tenant) {

  /**
   * What cpu.max and the disks made of it; empty where nobody counts.
   *
   * @param throttledNanos how long it had work to do and was kept from it by {@code cpu.max}
   * @param readBytes what it read from block devices
   * @param writtenBytes what it wrote to block devices
   */
  public record Flow(
      OptionalLong throttledNanos, OptionalLong readBytes, OptionalLong writtenBytes) {

    /** Nobody counts. */
    public static final Flow UNKNOWN =
        new Flow(OptionalLong.empty(), OptionalLong.empty(), OptionalLong.empty());
  }

  /**
   * What was done to a cell for a limit of its tenant as a whole.
   *
   * @param memoryKills how many of the cell's processes were killed because all cells of the tenant
   *     together met its {@code memory.max}
   * @param memoryPeak the most bytes that these had at once, where somebody counts
   * @param memoryEvidence who says so
   * @param pidsDenied how often a process was denied because all cells of the tenant together met
   *     its {@code pids.max}
   * @param pidsEvidence who says so
   */
  public record TenantTrips(
      long memoryKills,
      OptionalLong memoryPeak,
      Evidence memoryEvidence,
      long pidsDenied,
      Evidence pidsEvidence) {

    /** Nothing was. */
    public static final TenantTrips NONE =
        new TenantTrips(0, OptionalLong.empty(), Evidence.KERNEL, 0, Evidence.KERNEL);
  }

  /**
   * How often it was denied a process.
   *
   * @param ofCell for the cell's own limit: {@link CellCounters#pidsDenied}
   * @param ofTenant for its tenant's: {@link TenantTrips#pidsDenied}
   */
  public record Denials(long ofCell, long ofTenant) {}

  /** Counters of a cell of which nobody counts more than this; the host looks at its disk. */
  public CellCounters(
      long cpuUserNanos,
      long cpuSystemNanos,
      OptionalLong memoryCurrent,
      OptionalLong memoryPeak,
      long memoryKills,
      Evidence memoryEvidence,
      long pidsCurrent,
      long pidsDenied,
      Evidence pidsEvidence,
      long diskBytes,
      long diskInodes) {
    this(
        cpuUserNanos,
        cpuSystemNanos,
        memoryCurrent,
        memoryPeak,
        memoryKills,
        memoryEvidence,
        pidsCurrent,
        pidsDenied,
        pidsEvidence,
        diskBytes,
        diskInodes,
        Evidence.HOST,
        Flow.UNKNOWN,
        TenantTrips.NONE);
  }

  /** The same counters with the processor time of another moment. */
  public CellCounters withCpu(long userNanos, long systemNanos) {
    return new CellCounters(
        userNanos,
        systemNanos,
        memoryCurrent,
        memoryPeak,
        memoryKills,
        memoryEvidence,
        pidsCurrent,
        pidsDenied,
        pidsEvidence,
        diskBytes,
        diskInodes,
        diskEvidence,
        flow,
        tenant);
  }

  /** What of these is denials. */
  public Denials denials() {
    return new Denials(pidsDenied, tenant.pidsDenied());
  }

  /** The same counters with the denials of another moment. */
  public CellCounters withDenials(Denials denials) {
    return new CellCounters(
        cpuUserNanos,
        cpuSystemNanos,
        memoryCurrent,
        memoryPeak,
        memoryKills,
        memoryEvidence,
        pidsCurrent,
        denials.ofCell(),
        pidsEvidence,
        diskBytes,
        diskInodes,
        diskEvidence,
        flow,
        new TenantTrips(
            tenant.memoryKills(),
            tenant.memoryPeak(),
            tenant.memoryEvidence(),
            denials.ofTenant(),
            tenant.pidsEvidence()));
  }

  /** Processor time altogether. */
  public long cpuNanos() {
    return cpuUserNanos + cpuSystemNanos;
  }
}
