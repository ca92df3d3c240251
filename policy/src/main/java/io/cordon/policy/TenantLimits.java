package io.cordon.policy;

import java.util.OptionalInt;

/**
 * Limits of the tenant as a whole.
 *
 * @param tasksConcurrent how many tasks of the tenant may run at once ({@code tasks.concurrent})
 */
public record TenantLimits(OptionalInt tasksConcurrent) {}
