package io.cordon.engine.verdict;

import java.util.List;

/** The names of signals, as asm-generic/signal.h numbers them. */
final class Signals {
  static final int SIGKILL = 9;

  private static final List<String> NAMES =
      List.of(
          "HUP", "INT", "QUIT", "ILL", "TRAP", "ABRT", "BUS", "FPE", "KILL", "USR1", "SEGV", "USR2",
          "PIPE", "ALRM", "TERM", "STKFLT", "CHLD", "CONT", "STOP", "TSTP", "TTIN", "TTOU", "URG",
          "XCPU", "XFSZ", "VTALRM", "PROF", "WINCH", "IO", "PWR", "SYS");

  private Signals() {}

  static String name(int signal) {
    return signal >= 1 && signal <= NAMES.size()
        ? "SIG" + NAMES.get(signal - 1)
        : "signal " + signal;
  }
}
