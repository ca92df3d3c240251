package io.cordon.process.kernel;

/** Anonymous files and their seals: {@code linux/memfd.h}, {@code linux/fcntl.h}. */
public enum MemfdFlag implements Constant {
  MFD_CLOEXEC(0x1),
  MFD_ALLOW_SEALING(0x2),
  MFD_EXEC(0x10),
  F_ADD_SEALS(1033),
  F_SEAL_SEAL(0x1),
  F_SEAL_SHRINK(0x2),
  F_SEAL_GROW(0x4),
  F_SEAL_WRITE(0x8);

  private final long value;

  MemfdFlag(long value) {
    this.value = value;
  }

  @Override
  public long value() {
    return value;
  }
}
