package io.cordon.engine.pool;

import io.cordon.engine.channel.WorkerChannel;
import io.cordon.engine.runtime.WorkerKind;
import io.cordon.engine.runtime.WorkerRuntime;
import io.cordon.engine.runtime.WorkerRuntime.Prepared;
import io.cordon.engine.stream.GuestText;
import io.cordon.engine.supervision.RunningTask;
import io.cordon.engine.task.CellNames;
import io.cordon.policy.Policy;
import io.cordon.sandbox.ErrorCode;
import io.cordon.sandbox.SandboxException;
import io.cordon.sandbox.spi.Cell;
import io.cordon.sandbox.spi.CellCounters;
import io.cordon.sandbox.spi.CellExit;
import io.cordon.sandbox.spi.CellSpec;
import io.cordon.sandbox.spi.IsolationStrategy;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** Launches workers. */
public final class WorkerLauncher {
  /** Nothing of the host; the names of files are in UTF-8. */
  private static final Map<String, String> ENVIRONMENT = Map.of("LC_ALL", "C.UTF-8");

  private final WorkerRuntime runtime;
  private final CellNames names;

  /** Launches what the runtime prepares. */
  public WorkerLauncher(WorkerRuntime runtime, CellNames names) {
    this.runtime = runtime;
    this.names = names;
  }

  /**
   * Launches a worker, and waits until it is ready.
   *
   * @param task the task that needs it, which is attached to the new cell; whatever stops it stops
   *     this, too
   * @throws SandboxException if it does not start
   */
  public Worker launch(
      IsolationStrategy strategy, Policy policy, WorkerKind kind, RunningTask task) {
    WorkerRuntime.requireRoom(kind, policy.sandbox());
    Prepared prepared = task.need(runtime.prepare(strategy, kind));
    CellSpec spec = spec(policy, kind, prepared.program(policy.sandbox()), task.startMax());
    task.need(strategy.prepare(spec));
    task.launching();
    Cell cell = strategy.launch(spec);
    try {
      task.attach(cell);
      WorkerChannel channel = new WorkerChannel(cell, task, policy.task().outputMax());
      boolean ready = channel.awaitReady();
      task.launched();
      Worker worker = new Worker(spec.name(), policy, kind, task.isolation(), cell, channel);
      if (!ready) {
        throw neverReady(worker, policy);
      }
      return worker;
    } catch (RuntimeException | Error e) {
      cell.close();
      throw e;
    }
  }

  /** What a cell for such a worker would be. */
  public CellSpec outline(Policy policy, WorkerKind kind) {
    CellSpec.Program program = runtime.outline(kind, policy.sandbox());
    return spec(policy, kind, program, policy.task().startMax());
  }

  private CellSpec spec(
      Policy policy, WorkerKind kind, CellSpec.Program program, Duration startMax) {
    return new CellSpec(
        policy.tenant(),
        names.next(kind.key()),
        program,
        ENVIRONMENT,
        List.of(),
        policy.sandbox(),
        policy.limits(),
        startMax);
  }

  private static SandboxException neverReady(Worker worker, Policy policy) {
    CellExit exit = worker.exit();
    CellCounters counters = worker.cell().counters();
    if (counters.memoryKills() > 0) {
      return new SandboxException(
          ErrorCode.LIMIT_TOO_SMALL,
          "memory.max is %d bytes, and a %s worker needs more to start: raise it"
              .formatted(policy.sandbox().memoryMax(), worker.kind().key()));
    }
    if (counters.tenant().memoryKills() > 0) {
      return new SandboxException(
          ErrorCode.LIMIT_TOO_SMALL,
          "the tenant's sandboxes have all of its memory.max of %d bytes: close some, or raise it"
              .formatted(policy.limits().memoryMax().orElse(0)));
    }
    if (counters.tenant().pidsDenied() > 0) {
      return new SandboxException(
          ErrorCode.LIMIT_TOO_SMALL,
          "the tenant's sandboxes have all of its pids.max of %d: close some, or raise it"
              .formatted(policy.limits().pidsMax().orElse(0)));
    }
    if (counters.pidsDenied() > 0) {
      return new SandboxException(
          ErrorCode.LIMIT_TOO_SMALL,
          "pids.max is %d, and a %s worker needs more to start: raise it"
              .formatted(policy.sandbox().pidsMax(), worker.kind().key()));
    }
    String said =
        GuestText.lastLine(worker.channel().lastErrors().getBytes(StandardCharsets.UTF_8));
    return new SandboxException(
        ErrorCode.LAUNCH_FAILED,
        "the %s worker's JVM ended before it was ready: %s; it said: %s"
            .formatted(worker.kind().key(), exit, said));
  }
}
