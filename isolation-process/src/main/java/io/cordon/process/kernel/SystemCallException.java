package io.cordon.process.kernel;

/** A system call of the host failed. */
public final class SystemCallException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final int errno;

  public SystemCallException(String call, int errno) {
    super(call + ": " + Errno.nameOf(errno));
    this.errno = errno;
  }

  /** The error's number. */
  public int errno() {
    return errno;
  }
}
