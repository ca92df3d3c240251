package io.cordon.samples.cli;

import io.cordon.sandbox.Outcome;

/** The exit statuses that are Cordon's own. Any other one is the command's. */
enum ExitStatus {
  /** All is well. */
  OK(0),
  /** A script's own error, or a policy that {@code policy check} finds wrong. */
  FAILED(1),
  /** The command line is wrong. */
  USAGE(2),
  /** The task was cancelled. */
  CANCELLED(121),
  /** The task exceeded a limit. */
  LIMIT(122),
  /** The policy or the host forbids the task: it never ran. */
  REFUSED(123),
  /** A signal that was not Cordon's ended the task. */
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
      case Outcome.Failed<?> f -> f.exitStatus().orElse(FAILED.status);
      case Outcome.Cancelled<?> c -> CANCELLED.status;
      case Outcome.LimitExceeded<?> l -> LIMIT.status;
      case Outcome.Refused<?> r -> REFUSED.status;
      case Outcome.Crashed<?> c -> CRASHED.status;
    };
  }
}
