package io.cordon.policy;

import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * Limits of the tenant as a whole: of all its sandboxes together, however many it opens.
 *
 * @param tasksConcurrent {@code tasks.concurrent}: how many tasks of the tenant may run at once
 * @param cpuMaxMillis {@code cpu.max}: thousandths of a core
 * @param memoryMax {@code memory.max}: bytes
 * @param pidsMax {@code pids.max}: processes and threads together
 */
public record TenantLimits(
    OptionalInt tasksConcurrent,
    OptionalLong cpuMaxMillis,
    OptionalLong memoryMax,
    OptionalInt pidsMax) {

  /** No limit beyond those of each sandbox. */
  public static final TenantLimits NONE = new TenantLimits(OptionalInt.empty());

  /** A limit on the number of tasks alone, if on that. */
  public TenantLimits(OptionalInt tasksConcurrent) {
    this(tasksConcurrent, OptionalLong.empty(), OptionalLong.empty(), OptionalInt.empty());
  }
}
