package io.cordon.engine.selection;

import com.google.common.io.Closer;
import com.google.common.util.concurrent.Uninterruptibles;
import io.cordon.policy.StrategyChoice;
import io.cordon.policy.TenantLimits;
import io.cordon.sandbox.HostReport.StrategyReport;
import io.cordon.sandbox.SandboxEvent;
import io.cordon.sandbox.SandboxException;
import io.cordon.sandbox.spi.IsolationStrategy;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

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

  /** What one of them can do here, if there is such a one; the first call waits for its probe. */
  public Optional<StrategyReport> report(StrategyChoice choice) {
    return find(choice.key()).map(IsolationStrategy::report);
  }

  private Optional<IsolationStrategy> find(String name) {
    return strategies.stream().filter(strategy -> strategy.name().equals(name)).findFirst();
  }

  /** The strategy of that name, which {@link StrategySelector} has chosen. */
  public IsolationStrategy get(String name) {
    return find(name).orElseThrow();
  }

  /**
   * Holds all cells of a tenant to another total.
   *
   * @return what could not be put into force
   */
  public List<SandboxEvent.Pending> limit(String tenant, TenantLimits total) {
    // Strategies that hold a tenant by the same means refuse it alike.
    Set<SandboxEvent.Pending> pending = new LinkedHashSet<>(0);
    for (IsolationStrategy strategy : strategies) {
      if (strategy.report().usable()) { // or it has no cells
        try {
          strategy.limit(tenant, total);
        } catch (SandboxException e) {
          pending.add(new SandboxEvent.Pending(Optional.empty(), e.code(), e.reason()));
        }
      }
    }
    return List.copyOf(pending);
  }

  @Override
  public void close() {
    // A strategy is not closed under a probe that still uses it.
    Uninterruptibles.joinUninterruptibly(warmUp);
    try (Closer closer = Closer.create()) { // one that fails must not keep another's cells
      strategies.forEach(strategy -> closer.register(strategy::close));
    } catch (IOException e) {
      throw new UncheckedIOException(e); // which no strategy throws
    }
  }
}
