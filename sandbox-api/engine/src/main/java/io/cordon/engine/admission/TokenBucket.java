package io.cordon.engine.admission;

import io.cordon.policy.TaskRate;

/**
 * A bucket of tokens that is refilled evenly. It is one number, the moment at which it would be
 * full, as in the generic cell rate algorithm (ITU-T I.371): so nothing has to refill it. Guarded
 * by who uses it.
 */
final class TokenBucket {
  /** Nanoseconds in which one token comes; rounded up, so that no token comes too soon. */
  private final long interval;

  /** Nanoseconds before the bucket is full at which it has one token. */
  private final long oneToken;

  private long full;

  /** A full bucket. */
  TokenBucket(TaskRate rate, long now) {
    interval = Math.ceilDiv(rate.period().toNanos(), rate.count());
    oneToken = interval * (rate.count() - 1);
    full = now;
  }

  /** A bucket of another rate, from which as many tokens are missing. */
  TokenBucket at(TaskRate rate, long now) {
    TokenBucket changed = new TokenBucket(rate, now);
    long missing = Math.min(Math.ceilDiv(Math.max(0, full - now), interval), rate.count());
    changed.full = now + missing * changed.interval;
    return changed;
  }

  /** How long it is until there is a token; 0 if there is one. */
  long untilToken(long now) {
    return Math.max(0, full - now - oneToken);
  }

  /** Takes a token. */
  void take(long now) {
    full = (full - now > 0 ? full : now) + interval;
  }
}
