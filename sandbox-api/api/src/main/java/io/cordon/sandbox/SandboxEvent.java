package io.cordon.sandbox;

import io.cordon.policy.Policy;
import io.cordon.policy.PolicyProblem;
import io.cordon.policy.WorkloadKind;
import java.util.List;
import java.util.Optional;

/**
 * What happens to the tasks and the policies of an application, as a {@link SandboxListener} is
 * told it.
 */
public sealed interface SandboxEvent {

  /** The tenant whom it concerns. */
  String tenant();

  /**
   * What happens to a task. A call of a plugin's service is one, too.
   *
   * <p>Each {@link TaskStarted} is followed by one {@link TaskEnded}, and between the two by a
   * {@link Refused} or a {@link Killed} where there was one. A task that never began is told by its
   * {@link Refused} alone, or by its {@link Killed} if the application's time for it was over while
   * it waited; one that was cancelled before it began, by nothing. Alone come also the {@link
   * Refused} or {@link Killed} of a sandbox that could not be opened, and the {@link Killed} of an
   * open one that dies between two calls.
   */
  sealed interface OfTask extends SandboxEvent {

    /** What the task is. */
    WorkloadKind kind();
  }

  /**
   * What happens to the policy of a tenant that is in use: one that {@link Sandboxes#tenant} was
   * asked for. Of a tenant, one is told after the other.
   */
  sealed interface OfPolicy extends SandboxEvent {}

  /** A task was admitted, and is on its way to its sandbox. */
  record TaskStarted(String tenant, WorkloadKind kind) implements OfTask {}

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
      implements OfTask {
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
      implements OfTask {}

  /**
   * A task was killed, or the opening of a sandbox was, or an open sandbox between two calls. What
   * the application cancels or closes is not told: it knows.
   *
   * @param cause what for
   * @param report what was measured
   */
  record Killed(WorkloadKind kind, Cause cause, TaskReport report) implements OfTask {
    @Override
    public String tenant() {
      return report.tenant();
    }
  }

  /**
   * Another policy is in force: the files that decide about a tenant have changed, or are good
   * again after a {@link PolicyRejected}. What follows from it has been done when this is told,
   * except for what is pending.
   *
   * @param policy now in force
   * @param pending what could not be put into force for what runs already
   */
  record PolicyChanged(Policy policy, List<Pending> pending) implements OfPolicy {
    public PolicyChanged {
      pending = List.copyOf(pending);
    }

    @Override
    public String tenant() {
      return policy.tenant();
    }
  }

  /**
   * The files that decide about a tenant have changed, and can't be used as they are: one is gone,
   * or wrong. The last good policy stays in force. Told once, until something else is wrong.
   *
   * @param problems what is wrong; at least one
   */
  record PolicyRejected(String tenant, List<PolicyProblem> problems) implements OfPolicy {
    public PolicyRejected {
      problems = List.copyOf(problems);
    }
  }

  /**
   * Something of a new policy that what runs already is not held to.
   *
   * @param sandbox its {@linkplain Sandbox#name name}; empty for the total of the tenant
   * @param code {@link ErrorCode#LIMIT_IN_USE} if it uses more: tried again when a file of the
   *     policy changes the next time; {@link ErrorCode#NOT_LIVE} for what only holds for sandboxes
   *     that are opened from now on
   * @param reason what it is, and why
   */
  record Pending(Optional<String> sandbox, ErrorCode code, String reason) {}

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
