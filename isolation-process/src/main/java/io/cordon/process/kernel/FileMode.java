package io.cordon.process.kernel;

/** File types and permissions: {@code linux/stat.h}. */
public enum FileMode implements Constant {
  S_IFMT(0xf000),
  S_IFREG(0x8000),
  S_IFCHR(0x2000);

  private final long value;

  FileMode(long value) {
    this.value = value;
  }

  @Override
  public long value() {
    return value;
  }
}
