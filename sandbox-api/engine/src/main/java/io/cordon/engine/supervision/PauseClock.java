package io.cordon.engine.supervision;

/** How long something was paused. Safe for use by several threads; reading takes no lock. */
public final class PauseClock {

  /**
   * What was until now.
   *
   * @param before how long it was paused before, in nanoseconds
   * @param since from when on it is paused, if it is
   */
  private record State(long before, boolean paused, long since) {}

  private volatile State state = new State(0, false, 0);

  /** It is paused from now on, if it isn't already. */
  public synchronized void pause(long now) {
    if (!state.paused()) {
      state = new State(state.before(), true, now);
    }
  }

  /** It goes on from now on, if it doesn't already. */
  public synchronized void resume(long now) {
    state = new State(paused(now), false, now);
  }

  /** How long it has been paused until now. */
  public long paused(long now) {
    State read = state;
    return read.before() + (read.paused() ? now - read.since() : 0);
  }
}
