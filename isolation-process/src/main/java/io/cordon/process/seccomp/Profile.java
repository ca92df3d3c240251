package io.cordon.process.seccomp;

/** What kind of workload a filter is for. */
public enum Profile {
  /** A Java virtual machine: threads, but no further processes. */
  JVM,
  /** A native program, which may start others. */
  COMMAND,
  /** A virtual machine monitor that emulates its guest: threads, and what it was started with. */
  VMM,
  /** The same with {@code /dev/kvm}. */
  KVM_VMM
}
