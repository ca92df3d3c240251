package io.cordon.engine.verdict;

import io.cordon.sandbox.Trip;

/** What the guest says of its task. Believed only where neither the kernel nor the host objects. */
public sealed interface Word<T> {

  /** Nothing. */
  record Silent<T>() implements Word<T> {}

  /** It is done, and this is the value. */
  record Returned<T>(T value) implements Word<T> {}

  /**
   * It failed.
   *
   * @param message untrusted text
   * @param trace the guest's stack, or an empty text; untrusted
   */
  record Threw<T>(String message, String trace) implements Word<T> {}

  /** What ran it has ended it, for a limit that the host has told it. */
  record MetItsLimit<T>(Trip trip) implements Word<T> {}

  /** Its JVM found no memory for another object. */
  record RanOutOfMemory<T>() implements Word<T> {}
}
