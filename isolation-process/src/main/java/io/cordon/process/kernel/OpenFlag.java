package io.cordon.process.kernel;

/**
 * Flags of openat: {@code asm-generic/fcntl.h}, with the values of x86 (aarch64 has others for
 * {@code O_DIRECTORY} and {@code O_NOFOLLOW}).
 */
public enum OpenFlag implements Constant {
  O_RDONLY(0),
  O_WRONLY(0x1),
  O_RDWR(0x2),
  O_CREAT(0x40),
  O_EXCL(0x80),
  O_NONBLOCK(0x800),
  O_DIRECTORY(0x10000),
  O_NOFOLLOW(0x20000),
  O_CLOEXEC(0x80000),
  O_PATH(0x200000),
  O_TMPFILE(0x410000);

  private final long value;

  OpenFlag(long value) {
    this.value = value;
  }

  @Override
  public long value() {
    return value;
  }
}
