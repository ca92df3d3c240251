package io.cordon.sandbox;

import io.cordon.policy.WorkloadKind;
import java.util.Optional;

/**
 * What happens to the tasks of an application, as a {@link SandboxListener} is told it. A call of a
 * plugin's service is a task, too.
 *
 * <p>Each {@link TaskStarted} is followed by one {@link TaskEnded}, and between the two by a {@link
 * Refused} or a {@link Killed} where there was one. A task that never began is told by its {@link
 * Refused} alone; one that was cancelled before it began, by nothing.
 */
public sealed interface SandboxEvent {

  /** The tenant whose task it is. */
  String tenant();

  /** What the task is. */
  WorkloadKind kind();

  /** A task was admitted, and is on its way to its sandbox. */
  record TaskStarted(String tenant, WorkloadKind kind) implements SandboxEvent {}

  /**
   * A task that had begun has ended.
   *
   * @param ending how
   * @param limit that it exceeded, if that is how it ended
   * @param report what was measured. Of a call that a plugin has answered only time and output: to
   *     read the kernel's counters takes longer than many a call. {@link Sandbox#usage} tells what
   *     all calls of a sandbox have used together.
   */
  record TaskEnded(WorkloadKind kind, Ending ending, Optional<Trip> limit, TaskReport report)
      implements SandboxEvent {
    @Override
    public String tenant() {
      return report.tenant();
    }
  }

  /**
   * The policy or the host refused a task, or to open a sandbox.
   *
   * @param code the stable name of the reason
   * @param reason what was refused, why, and what to do about it
   */
  record Refused(String tenant, WorkloadKind kind, ErrorCode code, String reason)
      implements SandboxEvent {}

  /**
   * A task was killed, or the opening of a sandbox was. What the application cancels or closes is
   * not told: it knows.
   *
   * @param cause what for
   * @param report what was measured
   */
  record Killed(WorkloadKind kind, Cause cause, TaskReport report) implements SandboxEvent {
    @Override
    public String tenant() {
      return report.tenant();
    }
  }

  /** What a task was killed for. */
  sealed interface Cause {

    /** It exceeded a limit. */
    record LimitExceeded(Trip trip) implements Cause {}

    /**
     * The host can't believe what comes out of the sandbox, or can't watch it any more.
     *
     * @param what is wrong, in a sentence; may quote the guest
     */
    record Distrusted(String what) implements Cause {}
  }

  /** How a task ended: the {@link Outcome}, without its values. */
  enum Ending {
    /** See {@link Outcome.Succeeded}. */
    SUCCEEDED,
    /** See {@link Outcome.LimitExceeded}. */
    LIMIT_EXCEEDED,
    /** See {@link Outcome.Failed}. */
    FAILED,
    /** See {@link Outcome.Refused}; it was admitted, but could not be launched. */
    REFUSED,
    /** See {@link Outcome.Crashed}. */
    CRASHED,
    /** See {@link Outcome.Cancelled}. */
    CANCELLED;

    /** How this outcome ended. */
    public static Ending of(Outcome<?> outcome) {
      return switch (outcome) {
        case Outcome.Succeeded<?> s -> SUCCEEDED;
        case Outcome.LimitExceeded<?> l -> LIMIT_EXCEEDED;
        case Outcome.Failed<?> f -> FAILED;
        case Outcome.Refused<?> r -> REFUSED;
        case Outcome.Crashed<?> c -> CRASHED;
        case Outcome.Cancelled<?> c -> CANCELLED;
      };
    }

    /** The name in logs and metrics, such as {@code limit-exceeded}. */
    public String id() {
      return name().toLowerCase(java.util.Locale.ROOT).replace('_', '-');
    }
  }
}
