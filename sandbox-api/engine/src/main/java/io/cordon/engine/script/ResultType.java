package io.cordon.engine.script;

import io.cordon.engine.verdict.Word;

/** What a script's value is to be read as. */
@FunctionalInterface
interface ResultType<T> {

  /** Reads what a guest says is its value. */
  Word<T> read(byte[] json);
}
