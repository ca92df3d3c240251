package io.cordon.policy;

import java.util.Optional;

/**
 * A key with a value.
 *
 * @param path all keys that lead to it and its own, joined by dots: {@code sandbox.memory.max}
 * @param syntax how its value is written
 * @param ceiling what a value in {@code ceiling.yaml} does to it
 * @param builtIn the value where no file has one; nothing means no limit
 * @param doc what it is, in one sentence
 */
record Key<T>(
    String path, String name, Syntax<T> syntax, Ceiling<T> ceiling, Optional<T> builtIn, String doc)
    implements Entry {

  /** The value as a file would have it. */
  String write(Optional<T> value) {
    return value.map(syntax::write).orElse(PolicyExplanation.NO_LIMIT);
  }
}
