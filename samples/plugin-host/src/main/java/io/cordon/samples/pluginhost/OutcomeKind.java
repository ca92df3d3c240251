package io.cordon.samples.pluginhost;

import io.cordon.sandbox.Outcome;
import java.util.Locale;

/** The kinds of outcome, by their names in JSON. */
enum OutcomeKind {
  SUCCEEDED,
  LIMIT_EXCEEDED,
  FAILED,
  REFUSED,
  CRASHED,
  CANCELLED;

  static OutcomeKind of(Outcome<?> outcome) {
    return switch (outcome) {
      case Outcome.Succeeded<?> _ -> SUCCEEDED;
      case Outcome.LimitExceeded<?> _ -> LIMIT_EXCEEDED;
      case Outcome.Failed<?> _ -> FAILED;
      case Outcome.Refused<?> _ -> REFUSED;
      case Outcome.Crashed<?> _ -> CRASHED;
      case Outcome.Cancelled<?> _ -> CANCELLED;
    };
  }

  /** The name in JSON, such as {@code limit-exceeded}. */
  String id() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
