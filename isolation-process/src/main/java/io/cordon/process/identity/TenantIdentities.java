package io.cordon.process.identity;

/**
 * Gives each tenant a user to run its cells as. Safe for use by several threads.
 *
 * <pre>{@code
 * try (TenantIdentity identity = identities.claim("acme")) {
 *   launch(cell, identity.uid());
 * }
 * }</pre>
 *
 * @see HostIdentities
 */
public interface TenantIdentities extends AutoCloseable {

  /**
   * The tenant's user. Claims of one tenant share it.
   *
   * @throws io.cordon.sandbox.SandboxException if there is none that is surely nobody else's
   */
  TenantIdentity claim(String tenant);

  /** Gives all of them back. */
  @Override
  void close();
}
