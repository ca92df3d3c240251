package io.cordon.engine.policy;

import java.time.Duration;

/**
 * Tells that what policies are read from may have changed. It may miss a change, and tell of one
 * that was none. For one thread, but {@link #close} is for any.
 */
public interface Changes extends AutoCloseable {

  /** Waits until something may have changed, at most so long. Returns whether it may have. */
  boolean await(Duration most);

  /** Who waits waits no longer. */
  @Override
  void close();
}
