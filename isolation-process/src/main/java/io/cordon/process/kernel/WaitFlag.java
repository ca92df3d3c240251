package io.cordon.process.kernel;

/** How to wait for a child: {@code linux/wait.h}. */
public enum WaitFlag implements Constant {
  WEXITED(0x4),
  /** The child stays unreaped. */
  WNOWAIT(0x01000000),
  /** Whatever its exit signal is. */
  __WALL(0x40000000),
  P_PID(1);

  private final long value;

  WaitFlag(long value) {
    this.value = value;
  }

  @Override
  public long value() {
    return value;
  }
}
