package io.cordon.engine.verdict;

import io.cordon.sandbox.Trip;

/** Why a task was ended. The first reason stays, the kernel's own among them. */
public sealed interface Stop {

  /** It reached a limit. */
  record LimitHit(Trip trip) implements Stop {}

  /** The application cancelled it, or closed what it ran in. */
  record Cancelled() implements Stop {}

  /**
   * What came out of the sandbox can't be believed, or the host failed to watch it.
   *
   * @param what is wrong, in a sentence
   */
  record Broken(String what) implements Stop {}
}
