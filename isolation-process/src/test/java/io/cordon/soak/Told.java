package io.cordon.soak;

import io.cordon.sandbox.ErrorCode;
import io.cordon.sandbox.Outcome;
import io.cordon.sandbox.OutcomeException;
import io.cordon.sandbox.SandboxException;

/** What the application was told of the end of a run. */
sealed interface Told {

  /**
   * An outcome.
   *
   * @param read what the application has read from the standard output meanwhile
   */
  record Ended(Outcome<?> outcome, String read) implements Told {}

  /** The value of a call. */
  record Answered(String value) implements Told {}

  /** A refusal of a sandbox, which has no report. */
  record Turned(ErrorCode code, String reason) implements Told {}

  /** What an exception tells. */
  static Told of(SandboxException e) {
    return e instanceof OutcomeException told
        ? new Ended(told.outcome(), "")
        : new Turned(e.code(), e.reason());
  }

  /** In a line: the layers of an isolation would fill a screen. */
  default String inWords() {
    return switch (this) {
      case Ended(Outcome.Succeeded<?>(Object value, _), _) -> "succeeded: " + value;
      case Ended(Outcome.LimitExceeded<?>(var trip, _, var report), _) ->
          "exceeded: " + trip + ", of " + report.trips() + ", " + report.usage();
      case Ended(Outcome.Failed<?>(var message, var status, var trace, var report), _) ->
          "failed: %s (%s) %s %s".formatted(message, status, trace, report.trips());
      case Ended(Outcome.Crashed<?>(var signal, var description, var report), _) ->
          "crashed: %d: %s %s".formatted(signal, description, report.trips());
      case Ended(Outcome.Refused<?>(var code, var reason, var report), _) ->
          "refused: %s: %s %s".formatted(code, reason, report.trips());
      case Ended(Outcome.Cancelled<?>(var report), _) -> "cancelled " + report.trips();
      case Answered(String value) -> "answered: " + value;
      case Turned(ErrorCode code, String reason) -> "turned away: " + code + ": " + reason;
    };
  }
}
