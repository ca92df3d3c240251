package io.cordon.engine.plugin;

import com.github.benmanes.caffeine.cache.Ticker;
import io.cordon.engine.pool.Worker;
import io.cordon.engine.pool.WorkerLauncher;
import io.cordon.engine.pool.WorkerPool;
import io.cordon.engine.runtime.WorkerKind;
import io.cordon.engine.selection.Decision;
import io.cordon.engine.selection.Strategies;
import io.cordon.engine.selection.StrategySelector;
import io.cordon.engine.supervision.RunningTask;
import io.cordon.engine.supervision.Supervisor;
import io.cordon.engine.task.TenantScope;
import io.cordon.policy.WorkloadKind;
import io.cordon.sandbox.ErrorCode;
import io.cordon.sandbox.Outcome;
import io.cordon.sandbox.OutcomeException;
import io.cordon.sandbox.Plugin;
import io.cordon.sandbox.Sandbox;
import io.cordon.sandbox.SandboxException;
import io.cordon.sandbox.spi.IsolationStrategy;
import io.cordon.worker.wire.ValueCodecs;
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
  private final Ticker ticker;
  private final Set<PluginSandbox> open = ConcurrentHashMap.newKeySet();
  private volatile boolean closed;

  /** Opens sandboxes, as long as it is not closed. */
  public Plugins(
      Strategies strategies,
      WorkerLauncher launcher,
      WorkerPool pool,
      Supervisor supervisor,
      ValueCodecs codecs,
      Ticker ticker) {
    this.strategies = strategies;
    this.launcher = launcher;
    this.pool = pool;
    this.supervisor = supervisor;
    this.codecs = codecs;
    this.ticker = ticker;
  }

  /**
   * Opens a sandbox.
   *
   * @throws SandboxException with the reason, if that is refused, or does not succeed
   */
  public Sandbox open(TenantScope tenant, Plugin plugin) {
    requireOpen();
    Decision.Chosen chosen =
        switch (StrategySelector.select(
            WorkloadKind.PLUGIN, tenant.policy(), strategies.reports())) {
          case Decision.Refused refused ->
              throw new SandboxException(refused.code(), refused.reason());
          case Decision.Chosen decision -> decision;
        };
    IsolationStrategy strategy = strategies.get(chosen.isolation().strategy());
    List<PluginJar> jars = new ArrayList<>();
    try {
      for (Path path : plugin.jars()) {
        jars.add(PluginJar.open(path));
      }
      requireRoom(tenant, jars);
      RunningTask opening =
          new RunningTask(tenant.policy(), chosen.isolation(), Optional.empty(), ticker);
      Worker worker = load(tenant, strategy, jars, opening);
      pool.warmUp(strategy, tenant.policy(), WorkerKind.PLUGIN, chosen.isolation());
      return register(new PluginSandbox(tenant, worker, supervisor, codecs, ticker, open::remove));
    } finally {
      jars.forEach(PluginJar::close);
    }
  }

  private static void requireRoom(TenantScope tenant, List<PluginJar> jars) {
    long bytes = jars.stream().mapToLong(PluginJar::size).sum();
    long room = tenant.policy().sandbox().disk().bytes();
    if (bytes > room) {
      throw new SandboxException(
          ErrorCode.BAD_PLUGIN,
          "the plugin's jars have %d bytes, and disk.max is %d: raise it".formatted(bytes, room));
    }
  }

  /** A worker with the plugin's jars in it; none of their code has run yet. */
  private Worker load(
      TenantScope tenant, IsolationStrategy strategy, List<PluginJar> jars, RunningTask opening) {
    supervisor.watch(opening);
    Worker worker = null;
    boolean loaded = false;
    try {
      worker =
          pool.lease(tenant.name(), WorkerKind.PLUGIN, strategy)
              .orElseGet(
                  () -> launcher.launch(strategy, tenant.policy(), WorkerKind.PLUGIN, opening));
      opening.launching();
      opening.attach(worker.cell(), worker.isolation());
      Worker taker = worker;
      for (PluginJar jar : jars) {
        if (!jar.sendTo(taker.channel()::tell)) {
          throw failure(worker.death(opening));
        }
      }
      if (!opening.finish()) {
        throw failure(worker.death(opening));
      }
      loaded = true;
      return worker;
    } catch (SandboxException e) {
      if (e instanceof OutcomeException) {
        throw e;
      }
      throw failure(opening.refused(e.code(), e.reason()));
    } finally {
      supervisor.forget(opening);
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
    open.add(sandbox);
    if (closed) {
      sandbox.close();
      requireOpen();
    }
    return sandbox;
  }

  private void requireOpen() {
    if (closed) {
      throw new SandboxException(ErrorCode.CLOSED, "these sandboxes are closed");
    }
  }

  /** Closes every sandbox. */
  @Override
  public void close() {
    closed = true;
    open.forEach(PluginSandbox::close);
  }
}
