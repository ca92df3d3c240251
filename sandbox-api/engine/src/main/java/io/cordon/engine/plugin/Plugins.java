package io.cordon.engine.plugin;

import com.github.benmanes.caffeine.cache.Ticker;
import com.google.common.io.Closer;
import io.cordon.engine.admission.Refusal;
import io.cordon.engine.event.Events;
import io.cordon.engine.event.TaskSpan;
import io.cordon.engine.pool.Worker;
import io.cordon.engine.pool.WorkerLauncher;
import io.cordon.engine.pool.WorkerPool;
import io.cordon.engine.runtime.WorkerKind;
import io.cordon.engine.selection.Decision;
import io.cordon.engine.selection.Strategies;
import io.cordon.engine.selection.StrategySelector;
import io.cordon.engine.stream.Discard;
import io.cordon.engine.supervision.CpuMeter;
import io.cordon.engine.supervision.RunningTask;
import io.cordon.engine.supervision.Supervisor;
import io.cordon.engine.task.TenantScope;
import io.cordon.engine.verdict.Stop;
import io.cordon.policy.Policy;
import io.cordon.policy.StrategyChoice;
import io.cordon.policy.WorkloadKind;
import io.cordon.sandbox.ErrorCode;
import io.cordon.sandbox.Isolation;
import io.cordon.sandbox.Outcome;
import io.cordon.sandbox.OutcomeException;
import io.cordon.sandbox.Plugin;
import io.cordon.sandbox.Sandbox;
import io.cordon.sandbox.SandboxEvent;
import io.cordon.sandbox.SandboxException;
import io.cordon.sandbox.spi.IsolationStrategy;
import io.cordon.worker.wire.ProtocolException;
import io.cordon.worker.wire.ToHost;
import io.cordon.worker.wire.ToWorker;
import io.cordon.worker.wire.Trait;
import io.cordon.worker.wire.ValueCodecs;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Opens sandboxes around plugins. */
public final class Plugins implements AutoCloseable {
  private final Strategies strategies;
  private final WorkerLauncher launcher;
  private final WorkerPool pool;
  private final Supervisor supervisor;
  private final ValueCodecs codecs;
  private final Events events;
  private final Ticker ticker;
  private final Set<PluginSandbox> open = ConcurrentHashMap.newKeySet();

  /** What goes on until a sandbox is open. */
  private final Set<RunningTask> openings = ConcurrentHashMap.newKeySet();

  private volatile boolean closed;

  /** Opens sandboxes, as long as it is not closed. */
  public Plugins(
      Strategies strategies,
      WorkerLauncher launcher,
      WorkerPool pool,
      Supervisor supervisor,
      ValueCodecs codecs,
      Events events,
      Ticker ticker) {
    this.strategies = strategies;
    this.launcher = launcher;
    this.pool = pool;
    this.supervisor = supervisor;
    this.codecs = codecs;
    this.events = events;
    this.ticker = ticker;
  }

  /**
   * Opens a sandbox.
   *
   * @throws SandboxException with the reason, if that is refused, or does not succeed
   */
  public Sandbox open(TenantScope tenant, Plugin plugin) {
    requireOpen();
    TaskSpan spans = events.tasks(tenant.name(), WorkloadKind.PLUGIN);
    try {
      return open(tenant, plugin, spans);
    } catch (SandboxException e) {
      spans.neverBegan(e); // no call of its services did
      throw e;
    }
  }

  /**
   * What it takes to open one.
   *
   * @param policy under which that is done, whatever is in force when it is open
   */
  private record Opening(TenantScope tenant, Policy policy) {}

  private Sandbox open(TenantScope tenant, Plugin plugin, TaskSpan spans) {
    Opening opening = new Opening(tenant, tenant.policy());
    Decision.Chosen chosen =
        switch (StrategySelector.select(
            WorkloadKind.PLUGIN, opening.policy(), strategies::report)) {
          case Decision.Refused refused ->
              throw new SandboxException(refused.code(), refused.reason());
          case Decision.Chosen decision -> decision;
        };
    enter(opening, chosen.isolation());
    try {
      return openAdmitted(opening, plugin, chosen.isolation(), spans);
    } finally {
      tenant.admission().leave();
    }
  }

  /** To open one is a task: what it costs to launch a worker is not to be had without limit. */
  private void enter(Opening opening, Isolation isolation) {
    TenantScope tenant = opening.tenant();
    if (tenant.admission().tryEnter()) {
      return;
    }
    RunningTask task = begin(opening, isolation);
    try {
      tenant
          .awaitAdmission(task)
          .ifPresent(
              outcome -> {
                throw failure(outcome);
              });
    } finally {
      openings.remove(task);
    }
  }

  /** Begins a part of an opening, which ends when everything is closed. */
  private RunningTask begin(Opening opening, Isolation isolation) {
    RunningTask part =
        new RunningTask(
            opening.policy(),
            opening.tenant()::total,
            isolation,
            Optional.empty(),
            ticker,
            CpuMeter.NONE);
    openings.add(part);
    if (closed) {
      part.stop(new Stop.Cancelled()); // close() may have looked before
    }
    return part;
  }

  private Sandbox openAdmitted(
      Opening opening, Plugin plugin, Isolation isolation, TaskSpan spans) {
    List<PluginJar> jars = new ArrayList<>();
    try {
      for (Path path : plugin.jars()) {
        jars.add(PluginJar.open(path));
      }
      requireRoom(opening.policy(), jars);
      Placed placed = place(opening, load(opening, isolation, jars), jars);
      boolean registered = false;
      try {
        pool.warmUp(
            strategies.get(placed.isolation().strategy()),
            opening.tenant()::policy,
            WorkerKind.PLUGIN,
            placed.isolation());
        Sandbox sandbox =
            register(
                new PluginSandbox(
                    opening.tenant(),
                    placed.worker(),
                    placed.isolation(),
                    supervisor,
                    codecs,
                    spans,
                    ticker,
                    open::remove));
        registered = true;
        return sandbox;
      } finally {
        if (!registered) {
          placed.worker().close();
        }
      }
    } finally {
      jars.forEach(PluginJar::close);
    }
  }

  /** A worker, and why it is where it is; one from the pool was put there for another plugin. */
  private record Placed(Worker worker, Isolation isolation) {
    static Placed because(Worker worker, List<String> reasons) {
      return new Placed(worker, worker.isolation().because(reasons));
    }
  }

  /** The worker, or one that is isolated better, if what it would run asks for that. */
  private Placed place(Opening opening, Worker worker, List<PluginJar> jars) {
    if (!StrategySelector.dependsOnTraits(
        WorkloadKind.PLUGIN, opening.policy(), strategies::report)) {
      return new Placed(worker, worker.isolation());
    }
    boolean stays = false;
    try {
      Set<Trait> traits = traits(opening, worker);
      Isolation asked =
          StrategySelector.select(WorkloadKind.PLUGIN, traits, opening.policy(), strategies::report)
              .isolation();
      stays = asked.strategy().equals(worker.isolation().strategy());
      return Placed.because(stays ? worker : load(opening, asked, jars), asked.reasons());
    } finally {
      if (!stays) {
        worker.close();
      }
    }
  }

  /** Reads the traits where the jars are: to parse them is work for a cell, too. */
  private Set<Trait> traits(Opening opening, Worker worker) {
    RunningTask reading = begin(opening, worker.isolation());
    supervisor.watch(reading);
    try {
      reading.launching();
      reading.attach(worker.cell(), worker.isolation());
      ToHost answer =
          worker.channel().ask(new ToWorker.ReadTraits(), reading, new Discard(), new Discard());
      if (!(answer instanceof ToHost.Traits found) || !reading.finish()) {
        throw failure(worker.death(reading));
      }
      return found.traits();
    } catch (ProtocolException e) {
      throw new IllegalStateException(e); // the question has no length to speak of
    } finally {
      supervisor.forget(reading);
      openings.remove(reading);
    }
  }

  private static void requireRoom(Policy policy, List<PluginJar> jars) {
    long bytes = jars.stream().mapToLong(PluginJar::size).sum();
    long room = policy.sandbox().disk().bytes();
    if (bytes > room) {
      throw new SandboxException(
          ErrorCode.BAD_PLUGIN,
          "the plugin's jars have %d bytes, and disk.max is %d: raise it".formatted(bytes, room));
    }
  }

  /** A worker with the plugin's jars in it; none of their code has run yet. */
  private Worker load(Opening opening, Isolation isolation, List<PluginJar> jars) {
    IsolationStrategy strategy = strategies.get(isolation.strategy());
    RunningTask loading = begin(opening, isolation);
    supervisor.watch(loading);
    Worker worker = null;
    boolean loaded = false;
    try {
      worker =
          pool.lease(opening.policy(), WorkerKind.PLUGIN, strategy)
              .orElseGet(
                  () -> launcher.launch(strategy, opening.policy(), WorkerKind.PLUGIN, loading));
      loading.launching();
      loading.attach(worker.cell(), worker.isolation());
      Worker taker = worker;
      for (PluginJar jar : jars) {
        if (!jar.sendTo(taker.channel()::tell)) {
          throw failure(worker.death(loading));
        }
      }
      if (!loading.finish()) {
        throw failure(worker.death(loading));
      }
      loaded = true;
      return worker;
    } catch (SandboxException e) {
      if (e instanceof OutcomeException) {
        throw e;
      }
      if (Thread.currentThread().isInterrupted()) { // that may be why it has failed
        loading.stop(new Stop.Cancelled());
      }
      throw failure(loading.refused(e.code(), e.reason()));
    } finally {
      supervisor.forget(loading);
      openings.remove(loading);
      if (worker != null && !loaded) {
        worker.close();
      }
    }
  }

  private static SandboxException failure(Outcome<?> outcome) {
    return outcome instanceof Outcome.Refused<?> refused
        ? new SandboxException(refused.code(), refused.reason())
        : new OutcomeException(outcome);
  }

  private Sandbox register(PluginSandbox sandbox) {
    boolean registered = false;
    try {
      open.add(sandbox);
      requireOpen();
      sandbox.follow(); // the policy may have changed while it was being opened
      registered = true;
      return sandbox;
    } finally {
      if (!registered) {
        sandbox.close();
      }
    }
  }

  /**
   * Holds the open sandboxes of a tenant to its policy, which has changed.
   *
   * @return what could not be put into force
   */
  public List<SandboxEvent.Pending> follow(String tenant) {
    List<SandboxEvent.Pending> pending = new ArrayList<>();
    for (PluginSandbox sandbox : open) {
      if (sandbox.isOf(tenant)) {
        pending.addAll(sandbox.follow());
        isolationPending(sandbox).ifPresent(pending::add);
      }
    }
    return pending;
  }

  /** What is open stays where it is, and is told if the next one would be elsewhere, or nowhere. */
  private Optional<SandboxEvent.Pending> isolationPending(PluginSandbox sandbox) {
    String strategy = sandbox.isolation().strategy();
    Decision next =
        StrategySelector.select(WorkloadKind.PLUGIN, sandbox.policy(), strategies::report);
    return switch (next) {
      case Decision.Refused refused ->
          Optional.of(
              sandbox.pending(
                  ErrorCode.NOT_LIVE,
                  "it runs on, and would not be opened any more: " + refused.reason()));
      case Decision.Chosen chosen
          when chosen.isolation().strategy().equals(StrategyChoice.VM.key())
              && !strategy.equals(StrategyChoice.VM.key()) ->
          Optional.of(
              sandbox.pending(
                  ErrorCode.NOT_LIVE,
                  "it runs on by the strategy " + strategy + "; vm holds for what is opened now"));
      case Decision.Chosen chosen -> Optional.empty();
    };
  }

  private void requireOpen() {
    if (closed) {
      throw Refusal.CLOSED.exception();
    }
  }

  /** Closes every sandbox. */
  @Override
  public void close() {
    closed = true;
    openings.forEach(opening -> opening.stop(new Stop.Cancelled()));
    try (Closer closer = Closer.create()) { // one that fails must not keep the others open
      open.forEach(sandbox -> closer.register(sandbox::close));
    } catch (IOException e) {
      throw new UncheckedIOException(e); // which no sandbox throws
    }
  }
}
