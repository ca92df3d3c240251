package io.cordon.process.kernel;

/** Options of prctl: {@code linux/prctl.h}. */
public enum PrctlOption implements Constant {
  PR_SET_PDEATHSIG(1),
  PR_GET_PDEATHSIG(2),
  PR_GET_DUMPABLE(3),
  PR_SET_DUMPABLE(4),
  PR_GET_KEEPCAPS(7),
  PR_SET_NAME(15),
  PR_GET_NAME(16),
  PR_GET_SECCOMP(21),
  PR_CAPBSET_READ(23),
  PR_CAPBSET_DROP(24),
  PR_GET_SECUREBITS(27),
  PR_SET_SECUREBITS(28),
  PR_SET_TIMERSLACK(29),
  PR_GET_TIMERSLACK(30),
  PR_SET_NO_NEW_PRIVS(38),
  PR_GET_NO_NEW_PRIVS(39),
  PR_GET_THP_DISABLE(42),
  PR_CAP_AMBIENT(47),
  PR_CAP_AMBIENT_CLEAR_ALL(4),
  /** Names an anonymous mapping. */
  PR_SET_VMA(0x53564d41);

  private final long value;

  PrctlOption(long value) {
    this.value = value;
  }

  @Override
  public long value() {
    return value;
  }
}
