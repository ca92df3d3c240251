package io.cordon.engine.pool;

import java.time.Duration;

/**
 * How many workers may wait.
 *
 * @param perTenant of one kind, for one tenant
 * @param total of all kinds, for all tenants
 * @param bytes of memory that they have together
 * @param idle how long one waits for work before it is let go
 */
public record PoolLimits(int perTenant, int total, long bytes, Duration idle) {

  /** Some twenty script workers, or forty that wait for a plugin. */
  public static final PoolLimits USUAL =
      new PoolLimits(4, 64, 2L * 1024 * 1024 * 1024, Duration.ofMinutes(5));
}
