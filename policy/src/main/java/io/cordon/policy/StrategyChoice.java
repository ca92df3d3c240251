package io.cordon.policy;

/** What a policy file says of the isolation strategy; each binds more than the one before it. */
public enum StrategyChoice {
  /**
   * {@link #PROCESS} where that provides what the policy requires, else {@link #VM}; for a plugin
   * whose bytecode does more than plain Java, {@code VM} first.
   */
  AUTO("auto"),
  /** A namespaced process. */
  PROCESS("process"),
  /** A micro-VM with a kernel of its own. */
  VM("vm");

  private final String key;

  StrategyChoice(String key) {
    this.key = key;
  }

  /** The word in a policy file, which is also the name of the strategy. */
  public String key() {
    return key;
  }
}
