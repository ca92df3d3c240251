package io.cordon.process.kernel;

/** What the calls that end in -at take: {@code linux/fcntl.h}. */
public enum AtFlag implements Constant {
  AT_FDCWD(-100),
  AT_EMPTY_PATH(0x1000),
  AT_RECURSIVE(0x8000);

  private final long value;

  AtFlag(long value) {
    this.value = value;
  }

  @Override
  public long value() {
    return value;
  }
}
