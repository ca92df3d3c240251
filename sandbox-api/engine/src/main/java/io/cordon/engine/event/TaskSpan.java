package io.cordon.engine.event;

import io.cordon.engine.supervision.RunningTask;
import io.cordon.engine.verdict.Stop;
import io.cordon.policy.Limit;
import io.cordon.policy.WorkloadKind;
import io.cordon.sandbox.Outcome;
import io.cordon.sandbox.OutcomeException;
import io.cordon.sandbox.SandboxEvent;
import io.cordon.sandbox.SandboxEvent.Cause;
import io.cordon.sandbox.SandboxEvent.Ending;
import io.cordon.sandbox.SandboxException;
import io.cordon.sandbox.TaskReport;
import io.cordon.sandbox.Trip;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A task, as those see it who watch; from {@link #begin} until it ends in one of the other ways. If
 * nobody watches when it begins, only its refusal or kill is told.
 */
public final class TaskSpan {
  private final Events events;
  private final String tenant;
  private final WorkloadKind kind;
  private final boolean told;
  private final @Nullable TaskEvent recording;

  private TaskSpan(
      Events events,
      String tenant,
      WorkloadKind kind,
      boolean told,
      @Nullable TaskEvent recording) {
    this.events = events;
    this.tenant = tenant;
    this.kind = kind;
    this.told = told;
    this.recording = recording;
  }

  static TaskSpan pending(Events events, String tenant, WorkloadKind kind) {
    return new TaskSpan(events, tenant, kind, false, null);
  }

  /** A task like this was admitted. Allocates nothing if nobody wants to know. */
  public TaskSpan begin() {
    if (!events.tasksWatched()) {
      return this;
    }
    TaskSpan span = new TaskSpan(events, tenant, kind, true, FlightRecorder.beginTask());
    events.tellOfTask(new SandboxEvent.TaskStarted(tenant, kind));
    return span;
  }

  /** It has its answer. */
  public void answered(RunningTask task) {
    endedWithoutVerdict(Ending.SUCCEEDED, task);
  }

  /** It has ended. */
  public void ended(RunningTask task, Outcome<?> outcome) {
    tellReason(outcome, task.stopped());
    if (told) {
      tellEnd(Ending.of(outcome), limit(outcome), outcome.report());
    }
  }

  /** It has ended with an exception: its outcome, a refusal, or a defect of the host. */
  public void threw(RunningTask task, Throwable failure) {
    switch (failure) {
      case OutcomeException e -> ended(task, e.outcome());
      case SandboxException e -> {
        tellRefused(e);
        endedWithoutVerdict(Ending.REFUSED, task);
      }
      default -> endedWithoutVerdict(Ending.FAILED, task);
    }
  }

  /** It never began, for this reason. */
  public void neverBegan(SandboxException why) {
    if (why instanceof OutcomeException e) {
      tellReason(e.outcome(), Optional.empty());
    } else {
      tellRefused(why);
    }
  }

  private void endedWithoutVerdict(Ending ending, RunningTask task) {
    if (told) {
      tellEnd(ending, Optional.empty(), task.unmeasured());
    }
  }

  private void tellRefused(SandboxException why) {
    events.tellAll(new SandboxEvent.Refused(tenant, kind, why.code(), why.reason()));
  }

  private void tellReason(Outcome<?> outcome, Optional<Stop> stop) {
    if (outcome instanceof Outcome.Refused<?> refused) {
      events.tellAll(new SandboxEvent.Refused(tenant, kind, refused.code(), refused.reason()));
    } else {
      cause(outcome, stop)
          .ifPresent(
              cause -> events.tellAll(new SandboxEvent.Killed(kind, cause, outcome.report())));
    }
  }

  /** The verdict has the last word on whether a kill is what ended it. */
  private static Optional<Cause> cause(Outcome<?> outcome, Optional<Stop> stop) {
    return switch (outcome) {
      // Of what was only denied to it, it has failed by itself.
      case Outcome.LimitExceeded<?> exceeded when exceeded.trip().effect() == Limit.Effect.KILL ->
          Optional.of(new Cause.LimitExceeded(exceeded.trip()));
      case Outcome.LimitExceeded<?> denied -> Optional.empty();
      case Outcome.Failed<?> failed when stop.orElse(null) instanceof Stop.Broken(String what) ->
          Optional.of(new Cause.Distrusted(what));
      case Outcome.Succeeded<?> s -> Optional.empty();
      case Outcome.Failed<?> f -> Optional.empty();
      case Outcome.Refused<?> r -> Optional.empty();
      case Outcome.Crashed<?> c -> Optional.empty();
      case Outcome.Cancelled<?> c -> Optional.empty();
    };
  }

  private static Optional<Trip> limit(Outcome<?> outcome) {
    return outcome instanceof Outcome.LimitExceeded<?> exceeded
        ? Optional.of(exceeded.trip())
        : Optional.empty();
  }

  private void tellEnd(Ending ending, Optional<Trip> limit, TaskReport report) {
    SandboxEvent.TaskEnded ended = new SandboxEvent.TaskEnded(kind, ending, limit, report);
    if (recording != null) {
      recording.commit(ended);
    }
    events.tellOfTask(ended);
  }
}
