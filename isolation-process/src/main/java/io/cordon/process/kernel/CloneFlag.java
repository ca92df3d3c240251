package io.cordon.process.kernel;

/** Flags of clone and unshare: {@code linux/sched.h}. */
public enum CloneFlag implements Constant {
  CLONE_NEWTIME(0x80),
  /** The parent waits until the child has executed a program or has died. */
  CLONE_VFORK(0x4000),
  /** The child's parent is the caller's parent. */
  CLONE_PARENT(0x8000),
  CLONE_THREAD(0x10000),
  CLONE_NEWNS(0x20000),
  CLONE_NEWCGROUP(0x02000000),
  CLONE_NEWUTS(0x04000000),
  CLONE_NEWIPC(0x08000000),
  CLONE_NEWUSER(0x10000000),
  CLONE_NEWPID(0x20000000),
  CLONE_NEWNET(0x40000000),
  /** The child begins in the control group that a descriptor names; of clone3 alone. */
  CLONE_INTO_CGROUP(0x200000000L);

  private final long value;

  CloneFlag(long value) {
    this.value = value;
  }

  @Override
  public long value() {
    return value;
  }
}
