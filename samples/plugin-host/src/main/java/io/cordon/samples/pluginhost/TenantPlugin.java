package io.cordon.samples.pluginhost;

import io.cordon.sandbox.Outcome;
import io.cordon.sandbox.Tenant;

/** A plugin as a tenant has installed it: one input, one outcome. */
interface TenantPlugin {

  /** Runs it once, isolated, at the tenant's expense. */
  Outcome<?> run(Tenant tenant, byte[] input);
}
