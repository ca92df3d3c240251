package io.cordon.engine;

import com.github.benmanes.caffeine.cache.Ticker;
import com.google.inject.Guice;
import io.cordon.engine.policy.PolicyFiles;
import io.cordon.engine.pool.PoolLimits;
import io.cordon.sandbox.CacheLocation;
import io.cordon.sandbox.Sandboxes;
import io.cordon.sandbox.spi.IsolationStrategyProvider;
import io.cordon.sandbox.spi.SandboxesProvider;
import java.nio.file.Path;
import java.util.List;
import java.util.ServiceLoader;

/** The engine's way in, found by {@link ServiceLoader}. */
public final class EngineProvider implements SandboxesProvider {

  /** Called by {@link ServiceLoader}. */
  public EngineProvider() {}

  @Override
  public Sandboxes open(Options options) {
    Path cache = options.cache() != null ? options.cache() : CacheLocation.usual();
    // Cordon's own class loader: the context loader is the wrong one on pool threads.
    List<IsolationStrategyProvider> isolations =
        ServiceLoader.load(IsolationStrategyProvider.class, EngineProvider.class.getClassLoader())
            .stream()
            .map(ServiceLoader.Provider::get)
            .toList();
    return Guice.createInjector(
            new EngineModule(
                new PolicyFiles(options.policies()),
                CacheDirectory.prepare(cache),
                options.progress(),
                options.listeners(),
                isolations,
                EngineProvider.class.getClassLoader(),
                PoolLimits.USUAL,
                options.tasksConcurrent(),
                Ticker.systemTicker()))
        .getInstance(Sandboxes.class);
  }
}
