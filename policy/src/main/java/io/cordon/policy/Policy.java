package io.cordon.policy;

import java.util.Set;

/**
 * What one tenant may use. Immutable, and complete: the policy file merged with {@code
 * defaults.yaml} and cut down to {@code ceiling.yaml}.
 *
 * @param tenant the tenant's name, a DNS label: {@code [a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?}
 * @param isolation which strategies may isolate this tenant's code, and what they must provide
 * @param limits the tenant as a whole
 * @param sandbox each sandbox of the tenant
 * @param task each task that runs in a sandbox
 * @param script each task that is a script
 * @param environment the names of the host's environment variables that a native program may see
 */
public record Policy(
    String tenant,
    IsolationPolicy isolation,
    TenantLimits limits,
    SandboxLimits sandbox,
    TaskLimits task,
    ScriptLimits script,
    Set<String> environment) {

  public Policy {
    environment = Set.copyOf(environment);
  }

  /** This policy with {@linkplain IsolationPolicy#atLeast a stronger isolation}. */
  public Policy atLeast(StrategyChoice floor) {
    return new Policy(tenant, isolation.atLeast(floor), limits, sandbox, task, script, environment);
  }
}
