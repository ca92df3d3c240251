package io.cordon.process.kernel;

/** What setrlimit limits: {@code asm-generic/resource.h}. */
public enum Resource implements Constant {
  RLIMIT_FSIZE(1),
  RLIMIT_CORE(4),
  RLIMIT_NPROC(6),
  RLIMIT_NOFILE(7),
  RLIMIT_MEMLOCK(8),
  RLIMIT_MSGQUEUE(12);

  private final long value;

  Resource(long value) {
    this.value = value;
  }

  @Override
  public long value() {
    return value;
  }
}
