package io.cordon.engine.task;

import com.github.benmanes.caffeine.cache.Ticker;
import io.cordon.engine.admission.Entrant;
import io.cordon.engine.admission.Refusal;
import io.cordon.engine.admission.Ticket;
import io.cordon.engine.event.Events;
import io.cordon.engine.event.TaskSpan;
import io.cordon.engine.selection.Decision;
import io.cordon.engine.selection.Strategies;
import io.cordon.engine.selection.StrategySelector;
import io.cordon.engine.supervision.RunningTask;
import io.cordon.engine.supervision.Supervisor;
import io.cordon.engine.verdict.Stop;
import io.cordon.policy.Policy;
import io.cordon.policy.WorkloadKind;
import io.cordon.sandbox.ErrorCode;
import io.cordon.sandbox.Isolation;
import io.cordon.sandbox.Outcome;
import io.cordon.sandbox.SandboxException;
import io.cordon.sandbox.TaskHandle;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Takes a task from its submission to its outcome: admission, selection, a thread, and its end. */
public final class TaskStarter {
  private final Strategies strategies;
  private final Supervisor supervisor;
  private final LiveTasks live;
  private final Events events;
  private final Ticker ticker;

  /** Starts tasks. */
  public TaskStarter(
      Strategies strategies, Supervisor supervisor, LiveTasks live, Events events, Ticker ticker) {
    this.strategies = strategies;
    this.supervisor = supervisor;
    this.live = live;
    this.events = events;
    this.ticker = ticker;
  }

  /** Starts a task, if it may; otherwise its handle says at once why not. */
  public <T> TaskHandle<T> start(
      TenantScope tenant,
      WorkloadKind kind,
      Optional<Duration> timeout,
      Streams streams,
      TaskBody<T> body) {
    TaskSpan span = events.tasks(tenant.name(), kind);
    if (live.closed()) {
      return closed(tenant, span, streams);
    }
    Policy policy = tenant.policy(); // of this task, whatever is in force later
    Decision decision = StrategySelector.select(kind, policy, strategies::report);
    return switch (decision) {
      case Decision.Refused refused ->
          refused(tenant, span, streams, refused.isolation(), refused.code(), refused.reason());
      case Decision.Chosen chosen -> admit(tenant, policy, chosen, span, timeout, streams, body);
    };
  }

  private <T> TaskHandle<T> admit(
      TenantScope tenant,
      Policy policy,
      Decision.Chosen chosen,
      TaskSpan span,
      Optional<Duration> timeout,
      Streams streams,
      TaskBody<T> body) {
    RunningTask task =
        new RunningTask(
            policy, tenant::total, chosen.isolation(), timeout, ticker, tenant.admission().meter());
    EngineTaskHandle<T> handle = new EngineTaskHandle<>(task, streams);
    if (!live.add(handle)) {
      return closed(tenant, span, streams);
    }
    new Submission<>(tenant, chosen.isolation().strategy(), span, task, handle, body).enter();
    return handle;
  }

  /** A task on its way; it has a thread from its admission on. */
  private final class Submission<T> implements Entrant {
    private final TenantScope tenant;
    private final String strategy;
    private final TaskSpan span;
    private final RunningTask task;
    private final EngineTaskHandle<T> handle;
    private final TaskBody<T> body;

    Submission(
        TenantScope tenant,
        String strategy,
        TaskSpan span,
        RunningTask task,
        EngineTaskHandle<T> handle,
        TaskBody<T> body) {
      this.tenant = tenant;
      this.strategy = strategy;
      this.span = span;
      this.task = task;
      this.handle = handle;
      this.body = body;
    }

    void enter() {
      supervisor.watch(task); // what the application allows it runs out while it waits, too
      if (tenant.admission().tryEnter()) {
        admitted();
        return;
      }
      Ticket ticket = tenant.admission().enter(this);
      task.whenStopped(
          () -> {
            if (ticket.withdraw()) {
              turnAway(stoppedBefore());
            }
          });
    }

    @Override
    public void admitted() {
      try {
        Thread.ofPlatform().daemon().name("cordon-task-" + tenant.name()).start(this::run);
      } catch (OutOfMemoryError e) { // the host has no thread to give
        Outcome<T> outcome = task.refused(ErrorCode.LAUNCH_FAILED, "the host failed: " + e);
        Thread.ofVirtual().name("cordon-leave").start(() -> leave(span, outcome));
      }
    }

    @Override
    public void refused(Refusal why) {
      turnAway(task.turnedAway(why.code(), why.reason()));
    }

    /** Who says so may be the supervisor, and whoever is told of it may take its time. */
    private void turnAway(Outcome<T> outcome) {
      Thread.ofVirtual().name("cordon-turned-away").start(() -> end(span, outcome));
    }

    private void run() {
      TaskSpan begun = span.begin();
      Outcome<T> outcome;
      try {
        outcome =
            task.stopped().isPresent() ? stoppedBefore() : body.run(task, strategies.get(strategy));
      } catch (SandboxException e) {
        outcome = task.refused(e.code(), e.reason());
      } catch (RuntimeException | Error e) {
        task.stop(new Stop.Broken("the host failed: " + e));
        outcome = task.refused(ErrorCode.LAUNCH_FAILED, "the host failed: " + e);
      }
      leave(begun, outcome);
    }

    private Outcome<T> stoppedBefore() {
      return task.refused(ErrorCode.CLOSED, "it was stopped before it began");
    }

    private void leave(TaskSpan how, Outcome<T> outcome) {
      // Before the outcome is told: who has it may submit the next task.
      tenant.admission().leave();
      end(how, outcome);
    }

    private void end(TaskSpan how, Outcome<T> outcome) {
      supervisor.forget(task);
      how.ended(task, outcome);
      handle.complete(outcome);
      live.remove(handle);
    }
  }

  private <T> TaskHandle<T> closed(TenantScope tenant, TaskSpan span, Streams streams) {
    Refusal why = Refusal.CLOSED;
    return refused(
        tenant, span, streams, Isolation.refused(List.of(why.reason())), why.code(), why.reason());
  }

  private <T> TaskHandle<T> refused(
      TenantScope tenant,
      TaskSpan span,
      Streams streams,
      Isolation isolation,
      ErrorCode code,
      String reason) {
    RunningTask task = new RunningTask(tenant.policy(), isolation, Optional.empty(), ticker);
    EngineTaskHandle<T> handle = new EngineTaskHandle<>(task, streams);
    Outcome<T> outcome = task.refused(code, reason);
    span.ended(task, outcome);
    handle.complete(outcome);
    return handle;
  }
}
