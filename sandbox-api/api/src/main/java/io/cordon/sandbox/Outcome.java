package io.cordon.sandbox;

import io.cordon.policy.Limit;
import java.util.OptionalInt;

/**
 * How a task ended. It rests on evidence, the kernel's and the host's first. A limit that only the
 * guest can tell of, such as the statements of a script or the heap of its own JVM, says so by
 * {@link Evidence#GUEST}. The exit status of a native program never becomes a limit.
 *
 * @param <T> the type of the task's value
 */
public sealed interface Outcome<T> {

  /** What was measured, whatever the outcome. */
  TaskReport report();

  /** The tenant whose task it was. */
  default String tenant() {
    return report().tenant();
  }

  /** It ended by itself, and here is its value. */
  record Succeeded<T>(T value, TaskReport report) implements Outcome<T> {}

  /**
   * It exceeded a limit.
   *
   * @param trip the first that killed, or the first that denied when the task failed of it
   * @param guestTrace of a script or a plugin's call that ran out of {@code wall.max}: what the
   *     threads of its JVM were at shortly before, its own first; an empty text otherwise, and
   *     where the JVM had no time left to say it; untrusted
   */
  record LimitExceeded<T>(Trip trip, String guestTrace, TaskReport report) implements Outcome<T> {

    /** A limit of which nobody's stack tells more. */
    public LimitExceeded(Trip trip, TaskReport report) {
      this(trip, "", report);
    }

    /** The limit. */
    public Limit limit() {
      return trip.limit();
    }

    /** What was observed, in the limit's unit; of processes, how often one more was denied. */
    public long observed() {
      return trip.observed();
    }

    /** What was allowed, in the limit's unit. */
    public long allowed() {
      return trip.allowed();
    }
  }

  /**
   * The guest's own error.
   *
   * @param message what the guest says of it; untrusted text
   * @param exitStatus of a native program, or of a JVM that the guest itself has ended. It may be
   *     0: a program has ended well, but a file of it could not be brought back
   * @param guestTrace the stack of the guest's exception, or an empty text; untrusted
   */
  record Failed<T>(String message, OptionalInt exitStatus, String guestTrace, TaskReport report)
      implements Outcome<T> {}

  /**
   * The policy or the host forbids it: it never ran. Only with {@link ErrorCode#CLEANUP_FAILED} it
   * has run, and its value is lost.
   *
   * @param code the stable name of the reason
   * @param reason what was refused, why, and what to do about it
   */
  record Refused<T>(ErrorCode code, String reason, TaskReport report) implements Outcome<T> {}

  /**
   * A signal ended it that was not Cordon's, or the micro-VM that it ran in broke down.
   *
   * @param signal the signal's number; 0 if there was none, as when a guest's kernel panics
   * @param description the signal's name, and where the knowledge comes from
   */
  record Crashed<T>(int signal, String description, TaskReport report) implements Outcome<T> {}

  /** The application cancelled it, or closed its sandbox. */
  record Cancelled<T>(TaskReport report) implements Outcome<T> {}
}
