package io.cordon.engine.selection;

import com.google.common.util.concurrent.Uninterruptibles;
import io.cordon.sandbox.HostReport.StrategyReport;
import io.cordon.sandbox.spi.IsolationStrategy;
import java.util.List;

/** The strategies that this application has. */
public final class Strategies implements AutoCloseable {
  private final List<IsolationStrategy> strategies;
  private final Thread warmUp;

  /** Takes over opened strategies, and closes them in the end. */
  public Strategies(List<IsolationStrategy> strategies) {
    this.strategies = List.copyOf(strategies);
    // The first launch in a cold JVM binds every foreign function: done while the application is
    // still busy with its own start.
    this.warmUp =
        Thread.ofPlatform()
            .daemon()
            .name("cordon-probe")
            .uncaughtExceptionHandler((thread, failure) -> {}) // the first task meets it again
            .start(this::reports);
  }

  /** What each of them can do here; the first call waits for the probe. */
  public List<StrategyReport> reports() {
    return strategies.stream().map(IsolationStrategy::report).toList();
  }

  /** The strategy of that name, which {@link StrategySelector} has chosen. */
  public IsolationStrategy get(String name) {
    return strategies.stream()
        .filter(strategy -> strategy.name().equals(name))
        .findFirst()
        .orElseThrow();
  }

  @Override
  public void close() {
    // A strategy is not closed under a probe that still uses it.
    Uninterruptibles.joinUninterruptibly(warmUp);
    strategies.forEach(IsolationStrategy::close);
  }
}
