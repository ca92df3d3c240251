package io.cordon.process.quota;

import io.cordon.process.kernel.Signal;

/** Sends the signals that can't be caught, and the one that undoes a stop. */
@FunctionalInterface
public interface ProcessSignals {

  /**
   * Sends a signal; a process that is gone already is no error.
   *
   * @param pid its pid as the host sees it
   */
  void send(long pid, Signal signal);
}
