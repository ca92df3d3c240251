package io.cordon.process.quota;

/** Sends the one signal that can't be caught. */
@FunctionalInterface
public interface ProcessSignals {

  /**
   * Sends {@code SIGKILL}; a process that is gone already is no error.
   *
   * @param pid its pid as the host sees it
   */
  void kill(long pid);
}
