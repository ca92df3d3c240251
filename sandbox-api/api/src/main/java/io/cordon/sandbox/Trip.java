package io.cordon.sandbox;

import io.cordon.policy.Limit;

/**
 * A limit that was met.
 *
 * @param limit which
 * @param effect what was done
 * @param observed how much was used or asked for, in the limit's unit; but of {@code pids.max} and
 *     {@code tenant/pids.max}, whatever the effect, how often one more was denied, or how often the
 *     limit was seen to be reached, where the host only watches
 * @param allowed how much was allowed, in the limit's unit
 * @param evidence who says so
 */
public record Trip(
    Limit limit, Limit.Effect effect, long observed, long allowed, Evidence evidence) {}
