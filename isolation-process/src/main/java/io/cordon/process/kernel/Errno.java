package io.cordon.process.kernel;

/** Errors: {@code asm-generic/errno-base.h}, {@code asm-generic/errno.h}. */
public enum Errno implements Constant {
  EPERM(1),
  ENOENT(2),
  ESRCH(3),
  EINTR(4),
  EIO(5),
  ENXIO(6),
  E2BIG(7),
  ENOEXEC(8),
  EBADF(9),
  ECHILD(10),
  EAGAIN(11),
  ENOMEM(12),
  EACCES(13),
  EFAULT(14),
  EBUSY(16),
  EEXIST(17),
  EXDEV(18),
  ENODEV(19),
  ENOTDIR(20),
  EISDIR(21),
  EINVAL(22),
  ENFILE(23),
  EMFILE(24),
  ENOTTY(25),
  ETXTBSY(26),
  EFBIG(27),
  ENOSPC(28),
  EROFS(30),
  EMLINK(31),
  EPIPE(32),
  ENAMETOOLONG(36),
  ENOSYS(38),
  ELOOP(40),
  EOPNOTSUPP(95),
  ECONNRESET(104),
  EUSERS(87);

  private final long value;

  Errno(long value) {
    this.value = value;
  }

  @Override
  public long value() {
    return value;
  }

  /** Its name, or the bare number where that is a rare one. */
  public static String nameOf(int errno) {
    for (Errno each : values()) {
      if (each.value == errno) {
        return each.name();
      }
    }
    return "errno " + errno;
  }

  /** Whether it is this one. */
  public boolean is(long errno) {
    return value == errno;
  }
}
