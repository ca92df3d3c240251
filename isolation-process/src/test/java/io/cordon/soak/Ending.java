package io.cordon.soak;

import io.cordon.policy.Limit;
import io.cordon.sandbox.ErrorCode;
import io.cordon.sandbox.Exit;
import io.cordon.sandbox.Outcome;
import io.cordon.sandbox.Trip;
import java.util.OptionalInt;

/** One way in which a run may truly end. */
sealed interface Ending {

  /** Whether this is what was told. */
  boolean isTold(Told told);

  /** It succeeded, with this value, or this as its standard output. */
  record Value(String value) implements Ending {
    @Override
    public String toString() {
      return value.length() < 100 ? "Value[" + value.strip() + "]" : "Value of " + value.length();
    }

    @Override
    public boolean isTold(Told told) {
      return switch (told) {
        case Told.Ended(Outcome.Succeeded<?>(Exit exit, _), String read) -> read.equals(value);
        case Told.Ended(Outcome.Succeeded<?>(Object other, _), _) -> other.equals(value);
        case Told.Answered(String answer) -> answer.equals(value);
        case Told.Ended ended -> false;
        case Told.Turned turned -> false;
      };
    }
  }

  /** It exited with a status that is not zero. */
  record Status(int status) implements Ending {
    @Override
    public boolean isTold(Told told) {
      return told instanceof Told.Ended(Outcome.Failed<?>(_, OptionalInt exit, _, _), _)
          && exit.equals(OptionalInt.of(status));
    }
  }

  /** It threw something that says this. */
  record Threw(String what) implements Ending {
    @Override
    public boolean isTold(Told told) {
      return told
              instanceof Told.Ended(Outcome.Failed<?>(String message, OptionalInt exit, _, _), _)
          && exit.isEmpty()
          && message.contains(what);
    }
  }

  /** A signal ended it. */
  record Signal(int number) implements Ending {
    @Override
    public boolean isTold(Told told) {
      return told instanceof Told.Ended(Outcome.Crashed<?>(int signal, _, _), _)
          && signal == number;
    }
  }

  /** A limit ended it, or what it was denied for one. */
  record Met(Limit limit, long allowed) implements Ending {
    @Override
    public boolean isTold(Told told) {
      return told instanceof Told.Ended(Outcome.LimitExceeded<?>(Trip trip, _, _), _)
          && trip.limit() == limit
          && trip.allowed() == allowed;
    }
  }

  /** The application cancelled it. */
  record Cancelled() implements Ending {
    @Override
    public boolean isTold(Told told) {
      return told instanceof Told.Ended(Outcome.Cancelled<?> cancelled, _);
    }
  }

  /** It never began, or was not there any more, for this reason. */
  record Refused(ErrorCode code) implements Ending {
    @Override
    public boolean isTold(Told told) {
      return switch (told) {
        case Told.Ended(Outcome.Refused<?>(ErrorCode other, _, _), _) -> other == code;
        case Told.Turned(ErrorCode other, _) -> other == code;
        case Told.Ended ended -> false;
        case Told.Answered answered -> false;
      };
    }
  }
}
