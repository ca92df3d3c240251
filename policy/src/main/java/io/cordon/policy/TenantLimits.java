package io.cordon.policy;

import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * Limits of the tenant as a whole: of all its sandboxes together, however many it opens.
 *
 * @param admission when its tasks may begin
 * @param cpuMaxMillis {@code cpu.max}: thousandths of a core
 * @param memoryMax {@code memory.max}: bytes
 * @param pidsMax {@code pids.max}: processes and threads together
 */
public record TenantLimits(
    AdmissionLimits admission,
    OptionalLong cpuMaxMillis,
    OptionalLong memoryMax,
    OptionalInt pidsMax) {

  /** No limit beyond those of each sandbox. */
  public static final TenantLimits NONE = new TenantLimits(AdmissionLimits.NONE);

  /** Limits on when tasks may begin alone. */
  public TenantLimits(AdmissionLimits admission) {
    this(admission, OptionalLong.empty(), OptionalLong.empty(), OptionalInt.empty());
  }

  /** A limit on the number of tasks alone, if on that. */
  public TenantLimits(OptionalInt tasksConcurrent) {
    this(AdmissionLimits.concurrent(tasksConcurrent));
  }

  /** Limits without a rate, a budget and a queue. */
  public TenantLimits(
      OptionalInt tasksConcurrent,
      OptionalLong cpuMaxMillis,
      OptionalLong memoryMax,
      OptionalInt pidsMax) {
    this(AdmissionLimits.concurrent(tasksConcurrent), cpuMaxMillis, memoryMax, pidsMax);
  }
}
