package io.cordon.process.kernel;

/** What seccomp does: {@code linux/seccomp.h}. */
public enum SeccompOperation implements Constant {
  SECCOMP_SET_MODE_FILTER(1);

  private final long value;

  SeccompOperation(long value) {
    this.value = value;
  }

  @Override
  public long value() {
    return value;
  }
}
