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
 * @param memoryKills how many processes were killed for want of memory
 * @param memoryEvidence who counts memory: the kernel, or the host by looking
 * @param pidsCurrent processes and threads now
 * @param pidsDenied how often one more was denied; where the host only looks: how often it saw the
 *     limit reached
 * @param pidsEvidence who counts processes
 * @param diskBytes bytes in use in the working directory and {@code /tmp}
 * @param diskInodes files in use there
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
    long diskInodes) {

  /** Processor time altogether. */
  public long cpuNanos() {
    return cpuUserNanos + cpuSystemNanos;
  }
}
