package io.cordon.engine;

import com.github.benmanes.caffeine.cache.Ticker;
import com.google.inject.AbstractModule;
import com.google.inject.Provider;
import com.google.inject.Singleton;
import io.cordon.engine.command.Commands;
import io.cordon.engine.selection.Strategies;
import io.cordon.engine.supervision.Supervisor;
import io.cordon.engine.task.CellNames;
import io.cordon.engine.task.LiveTasks;
import io.cordon.engine.task.TaskStarter;
import io.cordon.sandbox.Sandboxes;
import io.cordon.sandbox.spi.IsolationStrategyProvider;
import java.nio.file.Path;
import java.util.List;
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
  private final List<IsolationStrategyProvider> isolations;
  private final Ticker ticker;

  EngineModule(
      PolicySource policies,
      Path cache,
      Consumer<String> progress,
      List<IsolationStrategyProvider> isolations,
      Ticker ticker) {
    this.policies = policies;
    this.cache = cache;
    this.progress = progress;
    this.isolations = isolations;
    this.ticker = ticker;
  }

  @Override
  protected void configure() {
    bind(Ticker.class).toInstance(ticker);
    bind(PolicySource.class).toInstance(policies);
    once(CellNames.class, CellNames::new);
    once(LiveTasks.class, LiveTasks::new);
    once(Supervisor.class, Supervisor::new);
    once(Strategies.class, this::strategies);

    Provider<Strategies> strategies = getProvider(Strategies.class);
    Provider<Supervisor> supervisor = getProvider(Supervisor.class);
    Provider<LiveTasks> live = getProvider(LiveTasks.class);
    Provider<CellNames> names = getProvider(CellNames.class);
    Provider<TaskStarter> starter = getProvider(TaskStarter.class);
    Provider<Commands> commands = getProvider(Commands.class);
    once(
        TaskStarter.class,
        () -> new TaskStarter(strategies.get(), supervisor.get(), live.get(), ticker));
    once(Commands.class, () -> new Commands(starter.get(), names.get(), System::getenv));
    once(
        Sandboxes.class,
        () ->
            new EngineSandboxes(
                policies, commands.get(), strategies.get(), supervisor.get(), live.get()));
  }

  private <T> void once(Class<T> type, Provider<T> provider) {
    bind(type).toProvider(provider).in(Singleton.class);
  }

  private Strategies strategies() {
    return new Strategies(
        isolations.stream()
            .map(provider -> provider.open(new IsolationStrategyProvider.Context(cache, progress)))
            .toList());
  }
}
