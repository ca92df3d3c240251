package io.cordon.engine.runtime;

import io.cordon.policy.WorkloadKind;
import io.cordon.sandbox.Script.Language;
import java.util.Optional;

/** The kinds of worker. One that was started for the one is of no use for another. */
public enum WorkerKind {
  /** Runs one plugin, and is never used again. */
  PLUGIN(WorkloadKind.PLUGIN, Optional.empty()),
  /** Runs scripts in JavaScript, one after the other. */
  JAVASCRIPT(WorkloadKind.SCRIPT, Optional.of(Language.JAVASCRIPT));

  private final WorkloadKind workload;
  private final Optional<Language> language;

  WorkerKind(WorkloadKind workload, Optional<Language> language) {
    this.workload = workload;
    this.language = language;
  }

  /** The kind of worker for a language. */
  public static WorkerKind of(Language language) {
    return switch (language) {
      case JAVASCRIPT -> JAVASCRIPT;
    };
  }

  /** What a policy knows its workload by. */
  public WorkloadKind workload() {
    return workload;
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
