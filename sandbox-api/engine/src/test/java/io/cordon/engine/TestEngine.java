package io.cordon.engine;

import com.github.benmanes.caffeine.cache.Ticker;
import com.google.inject.Guice;
import io.cordon.engine.plain.PlainStrategy;
import io.cordon.engine.policy.Changes;
import io.cordon.engine.policy.NoChanges;
import io.cordon.engine.policy.PolicySource;
import io.cordon.engine.pool.PoolLimits;
import io.cordon.policy.Policy;
import io.cordon.sandbox.HostReport;
import io.cordon.sandbox.SandboxListener;
import io.cordon.sandbox.Sandboxes;
import io.cordon.sandbox.Tenant;
import io.cordon.sandbox.spi.IsolationStrategyProvider;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;

/** The whole engine over the plain strategy; every tenant has the same policy. */
public final class TestEngine implements Sandboxes {
  private final PlainStrategy strategy = new PlainStrategy();
  private final Sandboxes sandboxes;

  public TestEngine(TestPolicy policy, Path cache) {
    this(policy, cache, List.of());
  }

  /** With more strategies than the plain one. */
  public TestEngine(TestPolicy policy, Path cache, List<IsolationStrategyProvider> others) {
    this(policy, cache, others, List.of(), OptionalInt.empty(), Ticker.systemTicker());
  }

  /** With a clock of its own, and no more tasks of all tenants at once than this. */
  public TestEngine(TestPolicy policy, OptionalInt tasksConcurrent, Ticker ticker) {
    this(policy, Path.of("target", "test-cache"), List.of(), List.of(), tasksConcurrent, ticker);
  }

  /** With somebody who is told what happens to tasks. */
  public TestEngine(TestPolicy policy, SandboxListener... listeners) {
    this(
        policy,
        Path.of("target", "test-cache"),
        List.of(),
        List.of(listeners),
        OptionalInt.empty(),
        Ticker.systemTicker());
  }

  private TestEngine(
      TestPolicy policy,
      Path cache,
      List<IsolationStrategyProvider> others,
      List<SandboxListener> listeners,
      OptionalInt tasksConcurrent,
      Ticker ticker) {
    List<IsolationStrategyProvider> strategies = new ArrayList<>(others);
    strategies.add(strategy);
    sandboxes =
        Guice.createInjector(
                new EngineModule(
                    new FixedPolicies(policy),
                    CacheDirectory.prepare(cache),
                    message -> {},
                    listeners,
                    strategies,
                    TestEngine.class.getClassLoader(),
                    PoolLimits.USUAL,
                    tasksConcurrent,
                    ticker))
            .getInstance(Sandboxes.class);
  }

  /** The same for every tenant, and for good. */
  private record FixedPolicies(TestPolicy policy) implements PolicySource {
    @Override
    public Policy policy(String tenant) {
      return policy.of(tenant);
    }

    @Override
    public String fingerprint(String tenant) {
      return "always the same";
    }

    @Override
    public Changes changes() {
      return new NoChanges();
    }
  }

  /** A tenant. */
  public Tenant acme() {
    return tenant("acme");
  }

  /** What runs everything. */
  public PlainStrategy strategy() {
    return strategy;
  }

  @Override
  public Tenant tenant(String name) {
    return sandboxes.tenant(name);
  }

  @Override
  public HostReport host() {
    return sandboxes.host();
  }

  @Override
  public void close() {
    sandboxes.close();
  }
}
