package io.cordon.policy;

import java.util.Optional;
import java.util.OptionalLong;

/**
 * Limits of each sandbox.
 *
 * @param cpuMaxMillis {@code cpu.max}: thousandths of a core
 * @param memoryMax {@code memory.max}: bytes
 * @param pidsMax {@code pids.max}: processes and threads together
 * @param disk {@code disk.max}: the sandbox's working directory and {@code /tmp} together
 * @param tuning what most policies leave alone
 */
public record SandboxLimits(
    long cpuMaxMillis, long memoryMax, int pidsMax, Disk disk, Tuning tuning) {

  /** Limits whose tuning is the built-in one. */
  public SandboxLimits(long cpuMaxMillis, long memoryMax, int pidsMax, Disk disk) {
    this(cpuMaxMillis, memoryMax, pidsMax, disk, Tuning.BUILT_IN);
  }

  /** The same limits with another processor quota, memory limit and number of processes. */
  public SandboxLimits resized(long cpuMaxMillis, long memoryMax, int pidsMax) {
    return new SandboxLimits(cpuMaxMillis, memoryMax, pidsMax, disk, tuning);
  }

  /** The same limits with another tuning. */
  public SandboxLimits tuned(Tuning other) {
    return new SandboxLimits(cpuMaxMillis, memoryMax, pidsMax, disk, other);
  }

  /**
   * Writable space.
   *
   * @param bytes bytes
   * @param inodes files and directories
   */
  public record Disk(long bytes, long inodes) {}

  /**
   * How a sandbox shares the host with its neighbours, below the limits that end it.
   *
   * @param cpuWeight {@code cpu.weight}: its share of busy processors, from 1 to 10000
   * @param cpus {@code cpuset.cpus}: the processors it may run on, if not all
   * @param mems {@code cpuset.mems}: the memory nodes it may allocate from, if not all
   * @param memoryHigh {@code memory.high}: bytes above which it is slowed down, if there is such a
   *     limit
   * @param memorySwapMax {@code memory.swap.max}: bytes that may be swapped out
   * @param io {@code io.max}: from and to each block device
   * @param ioWeight {@code io.weight}: its share of busy block devices, from 1 to 10000
   * @param filesMax {@code files.max}: files that each process may have open
   */
  public record Tuning(
      int cpuWeight,
      Optional<IndexSet> cpus,
      Optional<IndexSet> mems,
      OptionalLong memoryHigh,
      long memorySwapMax,
      Io io,
      int ioWeight,
      int filesMax) {

    /**
     * This tuning with what of another one the kernel can change of processes that run: {@code
     * cpu.weight}, {@code memory.high} and {@code memory.swap.max}.
     */
    public Tuning withLiveOf(Tuning other) {
      return new Tuning(
          other.cpuWeight,
          cpus,
          mems,
          other.memoryHigh,
          other.memorySwapMax,
          io,
          ioWeight,
          filesMax);
    }

    /** The weight of whoever asks for no other; the kernel's own default. */
    public static final int USUAL_WEIGHT = 100;

    /** What a policy has that says nothing of all this. */
    public static final Tuning BUILT_IN =
        new Tuning(
            USUAL_WEIGHT,
            Optional.empty(),
            Optional.empty(),
            OptionalLong.empty(),
            0,
            Io.UNLIMITED,
            USUAL_WEIGHT,
            1024);
  }

  /**
   * What may go from and to each block device in a second.
   *
   * @param readBytes {@code rbps}
   * @param writeBytes {@code wbps}
   * @param reads {@code riops}
   * @param writes {@code wiops}
   */
  public record Io(
      OptionalLong readBytes, OptionalLong writeBytes, OptionalLong reads, OptionalLong writes) {

    /** As much as there is. */
    public static final Io UNLIMITED =
        new Io(
            OptionalLong.empty(), OptionalLong.empty(), OptionalLong.empty(), OptionalLong.empty());
  }
}
