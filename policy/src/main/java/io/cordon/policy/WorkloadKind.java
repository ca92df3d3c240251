package io.cordon.policy;

/** The kinds of workload that a policy tells apart. */
public enum WorkloadKind {
  /** A script in a language of GraalVM Polyglot. */
  SCRIPT("script"),
  /** A plugin: a jar of Java classes. */
  PLUGIN("plugin"),
  /** A native program. */
  COMMAND("command");

  private final String key;

  WorkloadKind(String key) {
    this.key = key;
  }

  /** The word in a policy file. */
  public String key() {
    return key;
  }
}
