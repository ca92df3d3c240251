package io.cordon.process.identity;

/**
 * The user that a tenant's cells run as, for as long as this is open. Safe for use by several
 * threads.
 */
public interface TenantIdentity extends AutoCloseable {

  /**
   * The user id, which is also good as a group id: no other tenant has it as either. It is this
   * JVM's own user id where there is nothing to drop.
   */
  int uid();

  /** Gives it back; to be called when the cell is dead and removed. Idempotent. */
  @Override
  void close();
}
