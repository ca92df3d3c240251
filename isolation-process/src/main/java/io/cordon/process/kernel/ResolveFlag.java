package io.cordon.process.kernel;

/** How openat2 walks a path: {@code linux/openat2.h}. */
public enum ResolveFlag implements Constant {
  RESOLVE_NO_XDEV(0x1),
  RESOLVE_NO_MAGICLINKS(0x2),
  RESOLVE_NO_SYMLINKS(0x4),
  RESOLVE_BENEATH(0x8);

  private final long value;

  ResolveFlag(long value) {
    this.value = value;
  }

  @Override
  public long value() {
    return value;
  }
}
