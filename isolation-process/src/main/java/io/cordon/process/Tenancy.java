package io.cordon.process;

import io.cordon.process.identity.TenantIdentities;
import io.cordon.process.quota.QuotaEnforcer;

/**
 * What tenants are given on this host.
 *
 * @param quotas what holds their cells to their limits
 * @param identities the users that their cells run as
 */
record Tenancy(QuotaEnforcer quotas, TenantIdentities identities) implements AutoCloseable {

  @Override
  public void close() {
    try (identities) {
      quotas.close();
    }
  }
}
