package io.cordon.engine.supervision;

import io.cordon.engine.verdict.Stop;

/** What a {@link Supervisor} looks at. */
public interface Watched {

  /** Looks once at the clock and the counters. Returns whether anything is going on. */
  boolean look();

  /** Ends what is going on. */
  void stop(Stop reason);
}
