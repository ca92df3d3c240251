package io.cordon.process.seccomp;

import io.cordon.process.kernel.Errno;
import java.util.List;

/** What becomes of a system call. */
sealed interface Action {

  /** It fails. */
  record Fail(Errno errno) implements Action {}

  /** The process is killed, as by SIGSYS. */
  record Kill() implements Action {}

  /** It is made if every check holds; else it fails with EPERM. */
  record Allow(List<Check> checks) implements Action {
    public Allow {
      checks = List.copyOf(checks);
    }
  }
}
