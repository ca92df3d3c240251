package io.cordon.vm;

import io.cordon.policy.SandboxLimits;

/**
 * How much memory a guest and its machine take, beyond what its cell may use. The cell is held to
 * {@code memory.max} by the guest's kernel, exactly; the machine's process by the host's, to that
 * and what is added here.
 */
final class GuestMemory {
  private static final int MIB = 1 << 20;

  // A cloud kernel of 6.1 with its modules, the erofs root's inodes and what init has: some 45 MiB
  // of a guest of 256 MiB are not free before anything is launched; the rest is for buffers and
  // tables that a cell at its limit makes the kernel need. What is not touched costs nothing.
  private static final int KERNEL_MIB = 96;

  // QEMU 7.2 has 22 MiB of its own beside a guest that has done nothing yet.
  private static final int MACHINE_MIB = 48;

  private static final int LEAST_MIB = 128;

  private GuestMemory() {}

  /** The guest's, in MiB. */
  static int guestMiB(SandboxLimits limits) {
    long cell = (limits.memoryMax() + MIB - 1) / MIB;
    return Math.toIntExact(Math.max(LEAST_MIB, cell + KERNEL_MIB));
  }

  /** The most that a cell in such a guest can be given, in bytes. */
  static long cellBytes(int guestMiB) {
    return (long) (guestMiB - KERNEL_MIB) * MIB;
  }

  /** What the process of the machine may use, in bytes. */
  static long machineBytes(SandboxLimits limits, int translationCacheMiB) {
    return (long) (guestMiB(limits) + MACHINE_MIB + translationCacheMiB) * MIB;
  }
}
