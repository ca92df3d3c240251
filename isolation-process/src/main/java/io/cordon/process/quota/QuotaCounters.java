package io.cordon.process.quota;

import io.cordon.sandbox.Evidence;
import io.cordon.sandbox.spi.CellCounters;
import java.util.OptionalLong;

/**
 * What a cell has used. Processor time, peak, kills and denials never shrink.
 *
 * @param cpuUserNanos processor time in user mode
 * @param cpuSystemNanos processor time in the kernel
 * @param memoryCurrent bytes of memory now
 * @param memoryPeak the most bytes at once
 * @param memoryKills how many processes were killed because the cell met its own memory limit; not
 *     those that died for a limit further out
 * @param memoryEvidence who counts memory
 * @param pidsCurrent processes and threads now
 * @param pidsDenied how often one more was denied; where the host only watches: how often it saw
 *     the limit reached
 * @param pidsEvidence who counts processes
 * @param flow how it was slowed down
 * @param tenant what befell it for a limit of its tenant as a whole
 */
public record QuotaCounters(
    long cpuUserNanos,
    long cpuSystemNanos,
    OptionalLong memoryCurrent,
    OptionalLong memoryPeak,
    long memoryKills,
    Evidence memoryEvidence,
    long pidsCurrent,
    long pidsDenied,
    Evidence pidsEvidence,
    CellCounters.Flow flow,
    CellCounters.TenantTrips tenant) {

  /** Nothing was ever counted. */
  static final QuotaCounters NONE =
      new QuotaCounters(
          0,
          0,
          OptionalLong.empty(),
          OptionalLong.empty(),
          0,
          Evidence.HOST,
          0,
          0,
          Evidence.HOST,
          CellCounters.Flow.UNKNOWN,
          CellCounters.TenantTrips.NONE);

  /** How often something was denied, to the cell and to its tenant. */
  CellCounters.Denials denials() {
    return new CellCounters.Denials(pidsDenied, tenant.pidsDenied());
  }
}
