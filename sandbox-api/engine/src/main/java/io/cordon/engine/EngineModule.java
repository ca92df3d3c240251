package io.cordon.engine;

import com.github.benmanes.caffeine.cache.Ticker;
import com.google.inject.AbstractModule;
import com.google.inject.Provider;
import com.google.inject.Singleton;
import io.cordon.engine.admission.Gate;
import io.cordon.engine.command.Commands;
import io.cordon.engine.event.Events;
import io.cordon.engine.plugin.Plugins;
import io.cordon.engine.policy.Effects;
import io.cordon.engine.policy.LivePolicies;
import io.cordon.engine.policy.PolicySource;
import io.cordon.engine.policy.PolicyWatch;
import io.cordon.engine.policy.ReachWhatRuns;
import io.cordon.engine.pool.PoolLimits;
import io.cordon.engine.pool.WorkerLauncher;
import io.cordon.engine.pool.WorkerPool;
import io.cordon.engine.runtime.LanguageJars;
import io.cordon.engine.runtime.WorkerRuntime;
import io.cordon.engine.script.Scripts;
import io.cordon.engine.selection.Strategies;
import io.cordon.engine.supervision.Supervisor;
import io.cordon.engine.task.CellNames;
import io.cordon.engine.task.LiveTasks;
import io.cordon.engine.task.TaskStarter;
import io.cordon.sandbox.SandboxListener;
import io.cordon.sandbox.Sandboxes;
import io.cordon.sandbox.spi.IsolationStrategyProvider;
import io.cordon.worker.wire.ValueCodecs;
import io.cordon.worker.wire.WireLimits;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalInt;
import java.util.function.Consumer;

/**
 * What is made of what: the composition root of one {@link Sandboxes}.
 *
 * <p>Every binding has a provider that calls a constructor, in plain sight. Guice would generate
 * classes for annotated constructors, by way of {@code sun.misc.Unsafe}, of which a JDK 25
 * complains on the application's standard error; and it would need this module's packages opened to
 * it.
 */
final class EngineModule extends AbstractModule {
  private final PolicySource policies;
  private final Path cache;
  private final Consumer<String> progress;
  private final List<SandboxListener> listeners;
  private final List<IsolationStrategyProvider> isolations;
  private final ClassLoader languages;
  private final PoolLimits poolLimits;
  private final OptionalInt tasksConcurrent;
  private final Ticker ticker;

  /**
   * The parts of one application's sandboxes.
   *
   * @param listeners are told what happens to tasks
   * @param languages the class loader that knows the languages of scripts
   * @param tasksConcurrent how many tasks of all tenants may run at once, if that is limited
   */
  EngineModule(
      PolicySource policies,
      Path cache,
      Consumer<String> progress,
      List<SandboxListener> listeners,
      List<IsolationStrategyProvider> isolations,
      ClassLoader languages,
      PoolLimits poolLimits,
      OptionalInt tasksConcurrent,
      Ticker ticker) {
    this.policies = policies;
    this.cache = cache;
    this.progress = progress;
    this.listeners = listeners;
    this.isolations = isolations;
    this.languages = languages;
    this.poolLimits = poolLimits;
    this.tasksConcurrent = tasksConcurrent;
    this.ticker = ticker;
  }

  @Override
  protected void configure() {
    Provider<CellNames> names = once(CellNames.class, CellNames::new);
    Provider<LiveTasks> live = once(LiveTasks.class, LiveTasks::new);
    Provider<Supervisor> supervisor = once(Supervisor.class, Supervisor::new);
    Provider<Gate> gate = once(Gate.class, () -> gate(supervisor.get()));
    Provider<Events> events = once(Events.class, () -> new Events(listeners));
    Provider<Strategies> strategies = once(Strategies.class, this::strategies);
    Provider<ValueCodecs> codecs =
        once(ValueCodecs.class, () -> new ValueCodecs(WireLimits.DEFAULT));
    Provider<WorkerRuntime> runtime =
        once(
            WorkerRuntime.class,
            () -> new WorkerRuntime(cache, new LanguageJars(languages), progress));
    Provider<WorkerLauncher> launcher =
        once(WorkerLauncher.class, () -> new WorkerLauncher(runtime.get(), names.get()));
    Provider<WorkerPool> pool =
        once(
            WorkerPool.class,
            () -> new WorkerPool(poolLimits, launcher.get(), supervisor.get(), ticker));
    Provider<TaskStarter> starter =
        once(
            TaskStarter.class,
            () ->
                new TaskStarter(
                    strategies.get(), supervisor.get(), live.get(), events.get(), ticker));
    Provider<Commands> commands =
        once(Commands.class, () -> new Commands(starter.get(), names.get(), System::getenv));
    Provider<Scripts> scripts =
        once(
            Scripts.class,
            () -> new Scripts(starter.get(), launcher.get(), pool.get(), codecs.get()));
    Provider<Plugins> plugins =
        once(
            Plugins.class,
            () ->
                new Plugins(
                    strategies.get(),
                    launcher.get(),
                    pool.get(),
                    supervisor.get(),
                    codecs.get(),
                    events.get(),
                    ticker));
    Provider<Explanations> explanations =
        once(
            Explanations.class,
            () -> new Explanations(strategies.get(), commands.get(), launcher.get()));
    Provider<Effects> effects =
        once(Effects.class, () -> new ReachWhatRuns(strategies.get(), pool.get(), plugins.get()));
    Provider<LivePolicies> inForce =
        once(
            LivePolicies.class,
            () -> new LivePolicies(policies, gate.get(), effects.get(), events.get()));
    Provider<PolicyWatch> watch =
        once(PolicyWatch.class, () -> new PolicyWatch(inForce.get(), policies, ticker));
    once(
        Sandboxes.class,
        () ->
            new EngineSandboxes(
                inForce.get(),
                watch.get(),
                commands.get(),
                scripts.get(),
                plugins.get(),
                explanations.get(),
                strategies.get(),
                gate.get(),
                live.get(),
                // Who uses another is closed before it.
                List.of(
                    watch.get(),
                    plugins.get(),
                    pool.get(),
                    runtime.get(),
                    strategies.get(),
                    supervisor.get())));
  }

  private <T> Provider<T> once(Class<T> type, Provider<T> maker) {
    bind(type).toProvider(maker).in(Singleton.class);
    return getProvider(type);
  }

  private Gate gate(Supervisor supervisor) {
    Gate gate = new Gate(tasksConcurrent, ticker, supervisor::wake);
    supervisor.watch(gate);
    return gate;
  }

  private Strategies strategies() {
    IsolationStrategyProvider.Context context =
        new IsolationStrategyProvider.Context(cache, progress);
    return new Strategies(isolations.stream().map(provider -> provider.open(context)).toList());
  }
}
