package io.cordon.engine.script;

import io.cordon.engine.pool.Worker;
import io.cordon.engine.pool.WorkerLauncher;
import io.cordon.engine.pool.WorkerPool;
import io.cordon.engine.runtime.WorkerKind;
import io.cordon.engine.stream.GuestText;
import io.cordon.engine.supervision.RunningTask;
import io.cordon.engine.task.Streams;
import io.cordon.engine.task.TaskStarter;
import io.cordon.engine.task.TenantScope;
import io.cordon.engine.verdict.Word;
import io.cordon.policy.Limit;
import io.cordon.policy.ScriptLimits;
import io.cordon.policy.WorkloadKind;
import io.cordon.sandbox.ErrorCode;
import io.cordon.sandbox.Evidence;
import io.cordon.sandbox.Outcome;
import io.cordon.sandbox.SandboxException;
import io.cordon.sandbox.Script;
import io.cordon.sandbox.TaskHandle;
import io.cordon.sandbox.Trip;
import io.cordon.sandbox.spi.CellCounters;
import io.cordon.sandbox.spi.IsolationStrategy;
import io.cordon.worker.wire.Metered;
import io.cordon.worker.wire.ProtocolException;
import io.cordon.worker.wire.ScriptQuota;
import io.cordon.worker.wire.ToHost;
import io.cordon.worker.wire.ToWorker;
import io.cordon.worker.wire.ValueCodecs;
import io.cordon.worker.wire.ValueException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;

/** Runs scripts, each in a worker that runs no other meanwhile. */
public final class Scripts {
  private final TaskStarter starter;
  private final WorkerLauncher launcher;
  private final WorkerPool pool;
  private final ValueCodecs codecs;
  private final ResultTypes resultTypes;
  private final AtomicLong tasks = new AtomicLong();

  /** Runs scripts. */
  public Scripts(
      TaskStarter starter, WorkerLauncher launcher, WorkerPool pool, ValueCodecs codecs) {
    this.starter = starter;
    this.launcher = launcher;
    this.pool = pool;
    this.codecs = codecs;
    this.resultTypes = new ResultTypes(codecs);
  }

  /** Starts a script. */
  public <T> TaskHandle<T> submit(
      TenantScope tenant, Script<T> script, Optional<Duration> timeout) {
    Streams streams = Streams.captured();
    return starter.start(
        tenant,
        WorkloadKind.SCRIPT,
        timeout,
        streams,
        (task, strategy) -> run(tenant, script, task, strategy, streams));
  }

  private <T> Outcome<T> run(
      TenantScope tenant,
      Script<T> script,
      RunningTask task,
      IsolationStrategy strategy,
      Streams streams) {
    ResultType<T> type = resultTypes.of(script);
    byte[] bindings = bindings(script);
    WorkerKind kind = WorkerKind.of(script.language());
    Worker worker =
        pool.lease(task.policy(), kind, strategy)
            .orElseGet(() -> launcher.launch(strategy, task.policy(), kind, task));
    boolean fit = false;
    try {
      task.attach(worker.cell(), worker.isolation());
      task.dispatch(worker.cell().tellsWhenAsked() ? inquire(worker) : worker.cell().counters());
      ToWorker.RunScript question =
          new ToWorker.RunScript(
              tasks.incrementAndGet(),
              script.language().id(),
              script.source(),
              bindings,
              task.timeLeft(),
              quota(task.policy().script()));
      ToHost answer = worker.channel().ask(question, task, streams.stdout(), streams.stderr());
      if (answer == null || !task.finish()) {
        return worker.death(task);
      }
      CellCounters now =
          answer instanceof ToHost.Returned ? worker.cell().counters() : inquire(worker);
      Word<T> word = word(answer, type, task.policy().script());
      Outcome<T> outcome = task.end(now, Optional.empty(), word);
      fit = livesOn(outcome, word);
      return outcome;
    } catch (ProtocolException e) {
      fit = task.finish(); // nothing was sent
      throw new SandboxException(
          ErrorCode.BAD_VALUE, "the script with its bindings is too large: " + e.getMessage(), e);
    } finally {
      if (fit) {
        pool.giveBack(worker, tenant.policy());
      } else {
        worker.close();
      }
    }
  }

  /** Whether the worker has ended the script, and not the script, or its end, the worker. */
  private static boolean livesOn(Outcome<?> outcome, Word<?> word) {
    return switch (outcome) {
      case Outcome.Succeeded<?> succeeded -> true;
      case Outcome.Failed<?> failed -> true;
      case Outcome.LimitExceeded<?> exceeded ->
          word instanceof Word.MetItsLimit<?>(Trip met) && exceeded.limit() == met.limit();
      case Outcome.Crashed<?> crashed -> false;
      case Outcome.Cancelled<?> cancelled -> false;
      case Outcome.Refused<?> refused -> false;
    };
  }

  /** What is known of it, if it does not answer. */
  private static CellCounters inquire(Worker worker) {
    return worker.cell().inquire().orElseGet(worker.cell()::counters);
  }

  private byte[] bindings(Script<?> script) {
    try {
      return codecs.writeBindings(script.bindings());
    } catch (ValueException e) {
      throw new SandboxException(
          ErrorCode.BAD_VALUE, "a binding can't be sent: " + e.getMessage(), e);
    }
  }

  private static ScriptQuota quota(ScriptLimits limits) {
    return new ScriptQuota(
        limits.statements().orElse(ScriptQuota.NONE.statements()),
        limits.stackDepth().orElse(ScriptQuota.NONE.stackDepth()));
  }

  private static <T> Word<T> word(ToHost answer, ResultType<T> type, ScriptLimits limits) {
    return switch (answer) {
      case ToHost.Returned returned -> type.read(returned.value());
      case ToHost.Threw threw ->
          new Word.Threw<>(
              GuestText.plain(threw.type() + ": " + threw.message()),
              GuestText.plain(threw.trace()));
      case ToHost.Rejected rejected -> new Word.Threw<>(GuestText.plain(rejected.reason()), "");
      case ToHost.LimitMet(long task, Metered metered) -> met(metered, limits);
      case ToHost.Ready ready -> throw new IllegalStateException("no answer to a script");
      case ToHost.ServiceOpened opened -> throw new IllegalStateException("no answer to a script");
      case ToHost.ServiceMissing no -> throw new IllegalStateException("no answer to a script");
      case ToHost.Output output -> throw new IllegalStateException("no answer to a script");
      case ToHost.Traits traits -> throw new IllegalStateException("no answer to a script");
      case ToHost.ThreadDump dump -> throw new IllegalStateException("no answer to a script");
    };
  }

  /** It is ended at the one that is one too many, of what it has a limit of. */
  private static <T> Word<T> met(Metered metered, ScriptLimits limits) {
    return switch (metered) {
      case STATEMENTS -> met(Limit.STATEMENTS, limits.statements().orElseThrow());
      case STACK_DEPTH -> met(Limit.STACK_DEPTH, limits.stackDepth().orElseThrow());
    };
  }

  private static <T> Word<T> met(Limit limit, long most) {
    return new Word.MetItsLimit<>(
        new Trip(limit, Limit.Effect.KILL, most + 1, most, Evidence.GUEST));
  }
}
