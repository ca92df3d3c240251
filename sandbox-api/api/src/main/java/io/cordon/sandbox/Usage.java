package io.cordon.sandbox;

import java.time.Duration;
import java.util.OptionalLong;

/**
 * What a task or a sandbox has used.
 *
 * @param wall time since its dispatch
 * @param cpuUser processor time in user mode
 * @param cpuSystem processor time in the kernel
 * @param memoryPeak the most memory it had at once, in bytes, where the host can tell
 * @param outputBytes bytes that it wrote to its standard streams and results
 */
public record Usage(
    Duration wall,
    Duration cpuUser,
    Duration cpuSystem,
    OptionalLong memoryPeak,
    long outputBytes) {

  /** Nothing used. */
  public static final Usage NONE =
      new Usage(Duration.ZERO, Duration.ZERO, Duration.ZERO, OptionalLong.empty(), 0);

  /** Processor time altogether. */
  public Duration cpu() {
    return cpuUser.plus(cpuSystem);
  }
}
