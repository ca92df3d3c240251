package io.cordon.sandbox;

/** The stable names of what can be refused. */
public enum ErrorCode {
  /** No engine on the class path. */
  ENGINE_MISSING,
  /** The cache directory can't be written to, or others than the user can. */
  CACHE_UNUSABLE,
  /** The policy names a strategy whose module is not on the class path. */
  STRATEGY_MISSING,
  /** The strategy can't isolate anything on this host. */
  STRATEGY_UNUSABLE,
  /** The policy requires a layer that this host lacks. */
  LAYER_MISSING,
  /** A step of the launch failed. */
  LAUNCH_FAILED,
  /** The program is not there, or may not be executed. */
  PROGRAM_NOT_FOUND,
  /** A limit is too small for this workload to start at all. */
  LIMIT_TOO_SMALL,
  /** A sandbox was to get more than its policy gives. */
  LIMIT_TOO_LARGE,
  /** A running sandbox was to get less memory than it uses. */
  LIMIT_IN_USE,
  /** The strategy can't change this of a sandbox that runs. */
  NOT_LIVE,
  /** The tenant has its {@code tasks.concurrent} running already. */
  TOO_MANY_TASKS,
  /** The tenant has begun as many tasks of late as its {@code tasks.rate} lets it. */
  RATE_EXCEEDED,
  /** The tenant has used the processor time of its {@code cpu.budget}. */
  BUDGET_EXCEEDED,
  /** As many tasks run as {@link Sandboxes.Builder#tasksConcurrent} lets all tenants have. */
  HOST_BUSY,
  /** The language of a script is not on the class path. */
  LANGUAGE_MISSING,
  /** An interface can't be a contract. */
  BAD_CONTRACT,
  /** The plugin has no implementation of the contract. */
  SERVICE_MISSING,
  /**
   * A file of a plugin can't be read, or is no jar, or its jars are together larger than {@code
   * disk.max}.
   */
  BAD_PLUGIN,
  /**
   * A saved micro-VM is damaged, cut off, or was made of something else. No application sees it:
   * such a one is removed, and made anew.
   */
  BAD_TEMPLATE,
  /** A value is not plain data, or is larger than may be sent. */
  BAD_VALUE,
  /** Something of a sandbox could not be removed from the host; the message names it. */
  CLEANUP_FAILED,
  /** The sandbox, or all of them, are closed. */
  CLOSED,
  /** The outcome of a task was not a success: see {@link OutcomeException}. */
  TASK_NOT_SUCCEEDED;

  /** The code in messages, logs and JSON, such as {@code layer-missing}. */
  public String id() {
    return name().toLowerCase(java.util.Locale.ROOT).replace('_', '-');
  }
}
