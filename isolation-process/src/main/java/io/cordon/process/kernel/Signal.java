package io.cordon.process.kernel;

/** Signals: {@code asm-generic/signal.h}, with the numbers of x86 and aarch64. */
public enum Signal implements Constant {
  SIGHUP(1),
  SIGINT(2),
  SIGQUIT(3),
  SIGILL(4),
  SIGTRAP(5),
  SIGABRT(6),
  SIGBUS(7),
  SIGFPE(8),
  SIGKILL(9),
  SIGUSR1(10),
  SIGSEGV(11),
  SIGUSR2(12),
  SIGPIPE(13),
  SIGALRM(14),
  SIGTERM(15),
  SIGCHLD(17),
  SIGCONT(18),
  SIGSTOP(19),
  SIGXCPU(24),
  SIGXFSZ(25),
  SIGSYS(31);

  private final long value;

  Signal(long value) {
    this.value = value;
  }

  @Override
  public long value() {
    return value;
  }
}
