package io.cordon.samples.pluginhost;

import io.cordon.policy.PolicyException;
import io.cordon.policy.PolicyProblem;
import io.cordon.sandbox.Outcome;
import io.cordon.sandbox.Sandboxes;
import io.cordon.sandbox.Tenant;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** Runs the plugins of tenants, each under its tenant's policy, and keeps account. */
final class TenantPlugins {
  private final Sandboxes sandboxes;
  private final UsageLedger ledger;
  private final Map<PluginId, TenantPlugin> installed;
  private final Set<String> tenants;

  TenantPlugins(Sandboxes sandboxes, UsageLedger ledger, Map<PluginId, TenantPlugin> installed) {
    this.sandboxes = sandboxes;
    this.ledger = ledger;
    this.installed = installed;
    this.tenants = installed.keySet().stream().map(PluginId::tenant).collect(Collectors.toSet());
  }

  /**
   * Runs a plugin once.
   *
   * @throws NotInstalledException if there is no such tenant or plugin
   * @throws PolicyException if the tenant's policy can't be used
   */
  Outcome<?> run(PluginId id, byte[] input) {
    Tenant tenant = tenant(id.tenant());
    TenantPlugin plugin = installed.get(id);
    if (plugin == null) {
      throw new NotInstalledException("the tenant " + id.tenant() + " has no such plugin");
    }
    Outcome<?> outcome = plugin.run(tenant, input);
    ledger.add(id, outcome);
    return outcome;
  }

  /**
   * What a tenant has used since the application was started.
   *
   * @throws NotInstalledException if there is no such tenant
   * @throws PolicyException if the tenant's policy can't be used
   */
  TenantUsage usage(String tenant) {
    return ledger.usage(tenant(tenant).name());
  }

  private Tenant tenant(String name) {
    // A name from outside is compared with those that are known, and never becomes a path.
    if (!tenants.contains(name)) {
      throw noSuchTenant();
    }
    try {
      return sandboxes.tenant(name);
    } catch (PolicyException e) {
      if (e.problems().getFirst().code() == PolicyProblem.Code.UNKNOWN_TENANT) {
        throw noSuchTenant();
      }
      throw e;
    }
  }

  private static NotInstalledException noSuchTenant() {
    return new NotInstalledException("there is no such tenant");
  }
}
