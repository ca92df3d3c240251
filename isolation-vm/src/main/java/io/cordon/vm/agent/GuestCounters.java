package io.cordon.vm.agent;

import java.util.OptionalLong;

/**
 * What the guest's kernel has counted of its cell. A guest that was taken over says what it likes.
 *
 * @param memoryKills how many processes it killed because the cell had too much memory
 * @param memoryPeak the most bytes at once, if the kernel counts that
 * @param memoryCurrent bytes now
 * @param pidsCurrent processes and threads now
 * @param pidsDenied how often one more was denied
 * @param diskBytes bytes in use of the scratch space
 * @param diskInodes files in use there
 */
public record GuestCounters(
    long memoryKills,
    OptionalLong memoryPeak,
    OptionalLong memoryCurrent,
    long pidsCurrent,
    long pidsDenied,
    long diskBytes,
    long diskInodes) {

  /** Of a cell that has not been counted. */
  public static final GuestCounters NONE =
      new GuestCounters(0, OptionalLong.empty(), OptionalLong.empty(), 0, 0, 0, 0);

  /** The same, with nothing said of memory. */
  public GuestCounters withoutMemory() {
    return new GuestCounters(
        0,
        OptionalLong.empty(),
        OptionalLong.empty(),
        pidsCurrent,
        pidsDenied,
        diskBytes,
        diskInodes);
  }
}
