package io.cordon.samples.cli;

import io.cordon.sandbox.Outcome;
import java.util.OptionalInt;

/** The exit statuses that are Cordon's own. Any other one is the command's. */
enum ExitStatus {
  /** All is well. */
  OK(0),
  /**
   * A script's own error, an output that can't be brought back, or what a command that checks or
   * prepares finds wrong or missing.
   */
  FAILED(1),
  /** The command line is wrong. */
  USAGE(2),
  /** The task was cancelled. */
  CANCELLED(121),
  /** The task exceeded a limit. */
  LIMIT(122),
  /** The policy or the host forbids the task. */
  REFUSED(123),
  /** A signal that was not Cordon's ended the task, or its micro-VM broke down. */
  CRASHED(124),
  /** Cordon itself failed. */
  INTERNAL(125);

  private final int status;

  ExitStatus(int status) {
    this.status = status;
  }

  int status() {
    return status;
  }

  /** The status that says how a task ended. */
  static int of(Outcome<?> outcome) {
    return switch (outcome) {
      case Outcome.Succeeded<?> s -> OK.status;
      case Outcome.Failed<?> f -> failed(f.exitStatus());
      case Outcome.Cancelled<?> c -> CANCELLED.status;
      case Outcome.LimitExceeded<?> l -> LIMIT.status;
      case Outcome.Refused<?> r -> REFUSED.status;
      case Outcome.Crashed<?> c -> CRASHED.status;
    };
  }

  /** A program that ended well has failed all the same, if its output can't be brought back. */
  private static int failed(OptionalInt status) {
    return status.orElse(0) == 0 ? FAILED.status : status.getAsInt();
  }
}
