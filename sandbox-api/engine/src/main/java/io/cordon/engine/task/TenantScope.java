package io.cordon.engine.task;

import io.cordon.engine.admission.Admission;
import io.cordon.policy.Policy;
import io.cordon.policy.StrategyChoice;

/**
 * What every task of a tenant shares.
 *
 * @param policy in force
 * @param admission counts its running tasks
 */
public record TenantScope(Policy policy, Admission admission) {

  /** The tenant's name. */
  public String name() {
    return policy.tenant();
  }

  /** The same tenant, more strongly isolated. */
  public TenantScope atLeast(StrategyChoice floor) {
    return new TenantScope(policy.atLeast(floor), admission);
  }
}
