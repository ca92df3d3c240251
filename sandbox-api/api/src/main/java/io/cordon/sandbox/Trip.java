package io.cordon.sandbox;

import io.cordon.policy.Limit;

/**
 * A limit that was met.
 *
 * @param limit which
 * @param effect what was done
 * @param observed how much was used or asked for, in the limit's unit; for a denial by the kernel,
 *     how often it denied
 * @param allowed how much was allowed, in the limit's unit
 * @param evidence who says so
 */
public record Trip(
    Limit limit, Limit.Effect effect, long observed, long allowed, Evidence evidence) {}
