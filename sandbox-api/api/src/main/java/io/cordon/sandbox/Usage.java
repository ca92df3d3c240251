package io.cordon.sandbox;

import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What a task or a sandbox has used.
 *
 * @param wall time since its dispatch, but for the time in which it was paused
 * @param cpuUser processor time in user mode
 * @param cpuSystem processor time in the kernel
 * @param memoryPeak the most memory that its sandbox has had at once since that was launched, in
 *     bytes, where the host can tell; of a plugin's call, or of a script in a worker that is kept,
 *     that may have been before the task
 * @param outputBytes bytes that it wrote to its standard streams and results
 * @param now what it has at this moment, and how it was slowed down
 */
public record Usage(
    Duration wall,
    Duration cpuUser,
    Duration cpuSystem,
    OptionalLong memoryPeak,
    long outputBytes,
    Live now) {

  /**
   * What a sandbox has while it lives, and what slowed it down; empty where the host can't tell.
   *
   * @param memory bytes of memory at this moment
   * @param pids processes and threads at this moment
   * @param cpuThrottled how long {@code cpu.max} has kept it from work that it had
   * @param readBytes what it has read from block devices; counted only where the policy has {@code
   *     io.max} or {@code io.weight}, for a group that counts takes its time to make
   * @param writtenBytes what it has written to block devices; likewise
   * @param pressure how much it is kept waiting
   */
  public record Live(
      OptionalLong memory,
      OptionalLong pids,
      Optional<Duration> cpuThrottled,
      OptionalLong readBytes,
      OptionalLong writtenBytes,
      Optional<Pressure> pressure) {

    /** Nobody can tell. */
    public static final Live UNKNOWN =
        new Live(
            OptionalLong.empty(),
            OptionalLong.empty(),
            Optional.empty(),
            OptionalLong.empty(),
            OptionalLong.empty(),
            Optional.empty());
  }

  /**
   * In what part of the last ten seconds at least one thread of a sandbox was kept waiting, from 0
   * to 1; as the kernel's Documentation/accounting/psi.rst has it. Known with control groups of
   * version 2, on kernels that are booted with {@code psi=1} or have it on by themselves.
   *
   * @param cpu for a processor, be it for {@code cpu.max} or for others
   * @param memory for memory that had to be reclaimed, or read in again, first
   * @param io for block devices
   */
  public record Pressure(double cpu, double memory, double io) {}

  /** A usage of which nothing is known but these figures. */
  public Usage(
      Duration wall,
      Duration cpuUser,
      Duration cpuSystem,
      OptionalLong memoryPeak,
      long outputBytes) {
    this(wall, cpuUser, cpuSystem, memoryPeak, outputBytes, Live.UNKNOWN);
  }

  /** Nothing used. */
  public static final Usage NONE =
      new Usage(Duration.ZERO, Duration.ZERO, Duration.ZERO, OptionalLong.empty(), 0);

  /** Processor time altogether. */
  public Duration cpu() {
    return cpuUser.plus(cpuSystem);
  }
}
