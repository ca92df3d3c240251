package io.cordon.policy;

/**
 * Limits of each sandbox.
 *
 * @param cpuMaxMillis {@code cpu.max}: thousandths of a core
 * @param memoryMax {@code memory.max}: bytes
 * @param pidsMax {@code pids.max}: processes and threads together
 * @param disk {@code disk.max}: the sandbox's working directory and {@code /tmp} together
 */
public record SandboxLimits(long cpuMaxMillis, long memoryMax, int pidsMax, Disk disk) {

  /**
   * Writable space.
   *
   * @param bytes bytes
   * @param inodes files and directories
   */
  public record Disk(long bytes, long inodes) {}
}
