package io.cordon.process.landlock;

import io.cordon.process.kernel.Constant;

/** What may be done with files: {@code linux/landlock.h}, in the order in which it grew. */
public enum Access implements Constant {
  EXECUTE(0, 1),
  WRITE_FILE(1, 1),
  READ_FILE(2, 1),
  READ_DIR(3, 1),
  REMOVE_DIR(4, 1),
  REMOVE_FILE(5, 1),
  MAKE_CHAR(6, 1),
  MAKE_DIR(7, 1),
  MAKE_REG(8, 1),
  MAKE_SOCK(9, 1),
  MAKE_FIFO(10, 1),
  MAKE_BLOCK(11, 1),
  MAKE_SYM(12, 1),
  REFER(13, 2),
  TRUNCATE(14, 3),
  IOCTL_DEV(15, 5);

  private final int bit;
  private final int sinceAbi;

  Access(int bit, int sinceAbi) {
    this.bit = bit;
    this.sinceAbi = sinceAbi;
  }

  @Override
  public long value() {
    return 1L << bit;
  }

  /** The first version of landlock that has it. */
  public int sinceAbi() {
    return sinceAbi;
  }
}
