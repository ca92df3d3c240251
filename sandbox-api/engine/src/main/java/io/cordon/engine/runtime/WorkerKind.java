package io.cordon.engine.runtime;

import io.cordon.sandbox.Script.Language;
import java.util.Optional;

/** The kinds of worker. One that was started for the one is of no use for another. */
public enum WorkerKind {
  /** Runs one plugin, and is never used again. */
  PLUGIN(Optional.empty()),
  /** Runs scripts in JavaScript, one after the other. */
  JAVASCRIPT(Optional.of(Language.JAVASCRIPT));

  private final Optional<Language> language;

  WorkerKind(Optional<Language> language) {
    this.language = language;
  }

  /** The kind of worker for a language. */
  public static WorkerKind of(Language language) {
    return switch (language) {
      case JAVASCRIPT -> JAVASCRIPT;
    };
  }

  /** The language whose jars it needs. */
  public Optional<Language> language() {
    return language;
  }

  /** The name in cells' names and in messages. */
  public String key() {
    return language.map(Language::id).orElse("plugin");
  }
}
