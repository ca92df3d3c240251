package io.cordon.engine.policy;

import io.cordon.engine.plugin.Plugins;
import io.cordon.engine.pool.WorkerPool;
import io.cordon.engine.selection.Strategies;
import io.cordon.engine.task.TenantScope;
import io.cordon.policy.Policy;
import io.cordon.sandbox.SandboxEvent;
import java.util.ArrayList;
import java.util.List;

/** The tenant's totals, its idle workers, its open sandboxes, and last of all what waits. */
public final class ReachWhatRuns implements Effects {
  private final Strategies strategies;
  private final WorkerPool pool;
  private final Plugins plugins;

  /** Reaches all of these. */
  public ReachWhatRuns(Strategies strategies, WorkerPool pool, Plugins plugins) {
    this.strategies = strategies;
    this.pool = pool;
    this.plugins = plugins;
  }

  @Override
  public List<SandboxEvent.Pending> of(TenantScope tenant) {
    Policy policy = tenant.policy();
    List<SandboxEvent.Pending> pending =
        new ArrayList<>(strategies.limit(tenant.name(), policy.limits()));
    pool.retire(policy);
    pending.addAll(plugins.follow(tenant.name()));
    tenant.admission().change(policy.limits().admission());
    return pending;
  }
}
