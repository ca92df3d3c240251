package io.cordon.vm.kvm;

/** Whether this host's KVM can run guests. */
public sealed interface KvmVerdict {

  /**
   * A guest ran, and ran fast.
   *
   * @param nanosPerIteration what one turn of its loop of two instructions took, in nanoseconds: a
   *     fraction of one on hardware
   */
  record Usable(double nanosPerIteration) implements KvmVerdict {}

  /**
   * No guest can be run, or not as on hardware.
   *
   * @param reason what was tried and what came of it
   * @param remedy what to do about it
   */
  record Unusable(String reason, String remedy) implements KvmVerdict {}
}
