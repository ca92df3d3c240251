package io.cordon.engine.task;

import com.github.benmanes.caffeine.cache.Ticker;
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
  private final Ticker ticker;

  /** Starts tasks. */
  public TaskStarter(Strategies strategies, Supervisor supervisor, LiveTasks live, Ticker ticker) {
    this.strategies = strategies;
    this.supervisor = supervisor;
    this.live = live;
    this.ticker = ticker;
  }

  /** Starts a task, if it may; otherwise its handle says at once why not. */
  public <T> TaskHandle<T> start(
      TenantScope tenant,
      WorkloadKind kind,
      Optional<Duration> timeout,
      Streams streams,
      TaskBody<T> body) {
    if (live.closed()) {
      return closed(tenant, streams);
    }
    Decision decision = StrategySelector.select(kind, tenant.policy(), strategies.reports());
    return switch (decision) {
      case Decision.Refused refused ->
          refused(tenant, streams, refused.isolation(), refused.code(), refused.reason());
      case Decision.Chosen chosen -> admit(tenant, chosen, timeout, streams, body);
    };
  }

  private <T> TaskHandle<T> admit(
      TenantScope tenant,
      Decision.Chosen chosen,
      Optional<Duration> timeout,
      Streams streams,
      TaskBody<T> body) {
    if (!tenant.admission().enter()) {
      String reason = tenant.admission().refusal(tenant.name());
      return refused(
          tenant, streams, Isolation.refused(List.of(reason)), ErrorCode.TOO_MANY_TASKS, reason);
    }
    RunningTask task = task(tenant.policy(), chosen.isolation(), timeout);
    EngineTaskHandle<T> handle = new EngineTaskHandle<>(task, streams);
    if (!live.add(handle)) {
      tenant.admission().leave();
      return closed(tenant, streams);
    }
    Thread.ofPlatform()
        .daemon()
        .name("cordon-task-" + tenant.name())
        .start(() -> run(tenant, chosen, task, handle, body));
    return handle;
  }

  private <T> void run(
      TenantScope tenant,
      Decision.Chosen chosen,
      RunningTask task,
      EngineTaskHandle<T> handle,
      TaskBody<T> body) {
    supervisor.watch(task);
    Outcome<T> outcome;
    try {
      outcome =
          task.stopped().isPresent()
              ? task.refused(ErrorCode.CLOSED, "it was stopped before it began")
              : body.run(task, strategies.get(chosen.isolation().strategy()));
    } catch (SandboxException e) {
      outcome = task.refused(e.code(), e.reason());
    } catch (RuntimeException | Error e) {
      task.stop(new Stop.Broken("the host failed: " + e));
      outcome = task.refused(ErrorCode.LAUNCH_FAILED, "the host failed: " + e);
    } finally {
      supervisor.forget(task);
      // Before the outcome is told: who has it may submit the next task.
      tenant.admission().leave();
    }
    handle.complete(outcome);
    live.remove(handle);
  }

  private <T> TaskHandle<T> closed(TenantScope tenant, Streams streams) {
    String reason = "these sandboxes are closed";
    return refused(tenant, streams, Isolation.refused(List.of(reason)), ErrorCode.CLOSED, reason);
  }

  private <T> TaskHandle<T> refused(
      TenantScope tenant, Streams streams, Isolation isolation, ErrorCode code, String reason) {
    RunningTask task = task(tenant.policy(), isolation, Optional.empty());
    EngineTaskHandle<T> handle = new EngineTaskHandle<>(task, streams);
    handle.complete(task.refused(code, reason));
    return handle;
  }

  private RunningTask task(Policy policy, Isolation isolation, Optional<Duration> timeout) {
    return new RunningTask(policy, isolation, timeout, ticker);
  }
}
