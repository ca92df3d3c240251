package io.cordon.sandbox;

import io.cordon.policy.Limit;

/**
 * What a limit comes to for a sandbox: it can use no more than everything around it can.
 *
 * @param limit {@link Limit#CPU}, {@link Limit#MEMORY} or {@link Limit#PIDS}
 * @param value the least of what its ancestors and itself may have, in the limit's unit
 * @param decidedBy who has no more than that; of several, the innermost
 */
public record EffectiveLimit(Limit limit, long value, Level decidedBy) {

  /** The way from the host to a sandbox. */
  public enum Level {
    /** The control groups that the application itself is in: of its container or its service. */
    HOST,
    /** The policy's {@code limits}: all sandboxes of the tenant together. */
    TENANT,
    /** The policy's {@code sandbox}. */
    SANDBOX
  }
}
