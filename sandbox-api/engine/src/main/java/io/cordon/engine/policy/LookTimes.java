package io.cordon.engine.policy;

import java.time.Duration;

/**
 * When to look at the policies: soon after something has changed, and now and then anyway. Times
 * are a ticker's nanoseconds. For one thread.
 */
final class LookTimes {

  /**
   * How long to wait.
   *
   * @param settling after a change, before it is looked at; and how long a file has to stay as it
   *     is, before it is read
   * @param anyway between two looks without a change
   */
  record Pace(Duration settling, Duration anyway) {

    /** An editor writes in milliseconds; to read a hundred small files takes one or two. */
    static final Pace USUAL = new Pace(Duration.ofMillis(100), Duration.ofSeconds(15));
  }

  private final Pace pace;
  private long due;
  private boolean settling;

  /** The first look is due at once. */
  LookTimes(Pace pace, long now) {
    this.pace = pace;
    this.due = now;
  }

  /** How long it is until the next look; 0 if it is due. */
  Duration untilDue(long now) {
    return Duration.ofNanos(Math.max(0, due - now));
  }

  /** Whether the next look is one that a change has asked for: more changes don't bring it on. */
  boolean settling() {
    return settling;
  }

  /** Something may have changed. However much more does, the look is not put off. */
  void changed(long now) {
    if (!settling) {
      settling = true;
      due = now + pace.settling().toNanos();
    }
  }

  /** A look is over. */
  void looked(long now, boolean settled) {
    settling = !settled;
    due = now + (settled ? pace.anyway() : pace.settling()).toNanos();
  }
}
