package io.cordon.harness;

import io.cordon.policy.Limit;
import io.cordon.sandbox.ErrorCode;
import io.cordon.sandbox.Evidence;
import io.cordon.sandbox.Exit;
import io.cordon.sandbox.Outcome;
import io.cordon.sandbox.Trip;
import java.util.OptionalInt;
import org.assertj.core.api.AbstractAssert;
import org.assertj.core.api.Assertions;

/** Says how a task must have ended. */
public final class OutcomeAssert<T> extends AbstractAssert<OutcomeAssert<T>, Outcome<T>> {

  private OutcomeAssert(Outcome<T> actual) {
    super(actual, OutcomeAssert.class);
  }

  /** Begins to say how a task must have ended. */
  public static <T> OutcomeAssert<T> assertThat(Outcome<T> outcome) {
    return new OutcomeAssert<>(outcome);
  }

  /** It succeeded, with the value that this returns. */
  public T succeeded() {
    if (actual instanceof Outcome.Succeeded<T> succeeded) {
      return succeeded.value();
    }
    throw unexpected("success");
  }

  /** This limit ended it, and this witness says so. */
  public Trip exceeded(Limit limit, Evidence evidence) {
    Trip trip = exceeded(limit);
    Assertions.assertThat(trip.evidence()).as("evidence of %s", trip).isEqualTo(evidence);
    return trip;
  }

  /** This limit ended it. */
  public Trip exceeded(Limit limit) {
    if (actual instanceof Outcome.LimitExceeded<T> exceeded && exceeded.limit() == limit) {
      Assertions.assertThat(exceeded.report().trips()).as("trips").contains(exceeded.trip());
      return exceeded.trip();
    }
    throw unexpected(limit.key() + " exceeded");
  }

  /** The guest failed by itself. */
  public Outcome.Failed<T> failed() {
    if (actual instanceof Outcome.Failed<T> failed) {
      return failed;
    }
    throw unexpected("a failure of the guest's own");
  }

  /** A signal ended it. */
  public Outcome.Crashed<T> crashed(int signal) {
    if (actual instanceof Outcome.Crashed<T> crashed && crashed.signal() == signal) {
      return crashed;
    }
    throw unexpected("a crash by signal " + signal);
  }

  /** It was refused for this reason. */
  public Outcome.Refused<T> refused(ErrorCode code) {
    if (actual instanceof Outcome.Refused<T> refused && refused.code() == code) {
      return refused;
    }
    throw unexpected("a refusal: " + code.id());
  }

  /** The application cancelled it. */
  public Outcome.Cancelled<T> cancelled() {
    if (actual instanceof Outcome.Cancelled<T> cancelled) {
      return cancelled;
    }
    throw unexpected("a cancellation");
  }

  private AssertionError unexpected(String wanted) {
    return failure("expected %s, but it %s", wanted, describe(actual));
  }

  /** In a few words: the layers of its isolation would fill a screen. */
  private static String describe(Outcome<?> outcome) {
    String how =
        switch (outcome) {
          case Outcome.Succeeded<?>(Exit exit, _) ->
              "succeeded: " + exit.stdoutText() + exit.stderrText();
          case Outcome.Succeeded<?>(Object value, _) -> "succeeded: " + value;
          case Outcome.LimitExceeded<?>(Trip trip, _, _) -> "exceeded: " + trip;
          case Outcome.Failed<?>(String message, OptionalInt status, String trace, _) ->
              "failed: " + message + " " + status + " " + trace;
          case Outcome.Refused<?>(ErrorCode code, String reason, _) ->
              "was refused: " + code.id() + ": " + reason;
          case Outcome.Crashed<?>(int signal, String description, _) ->
              "crashed: " + signal + ": " + description;
          case Outcome.Cancelled<?>(_) -> "was cancelled";
        };
    return how + "; " + outcome.report().usage() + "; " + outcome.report().trips();
  }
}
