package io.cordon.sandbox;

import io.cordon.policy.Policy;
import io.cordon.policy.StrategyChoice;
import java.time.Duration;

/** One tenant: whose code runs, and under which policy. Safe for use by several threads. */
public interface Tenant {

  /** The tenant's name. */
  String name();

  /** The policy in force. */
  Policy policy();

  /**
   * This tenant, with everything that is run through the returned view isolated at least this
   * strongly: the policy's own strategy stays in force where it is the stronger one. The limits of
   * the tenant as a whole count for both together.
   */
  Tenant atLeast(StrategyChoice floor);

  /**
   * Runs a task and returns its value. An interrupt cancels the task.
   *
   * @throws OutcomeException if the outcome is anything but {@link Outcome.Succeeded}
   */
  <T> T run(Task<T> task);

  /**
   * Runs a task that may take no longer than {@code timeout}, or than the policy's {@code wall.max}
   * where that is shorter. An interrupt cancels the task.
   *
   * @throws OutcomeException if the outcome is anything but {@link Outcome.Succeeded}
   */
  <T> T run(Task<T> task, Duration timeout);

  /** Starts a task. Never throws for what the policy or the host refuses: that is an outcome. */
  <T> TaskHandle<T> submit(Task<T> task);

  /**
   * Opens a sandbox around a plugin; it keeps its state until it is closed.
   *
   * @throws SandboxException with the reason, if the policy or the host refuses
   */
  Sandbox open(Plugin plugin);

  /** What would isolate this workload here, why, and how it would be launched; runs nothing. */
  Explanation explain(Workload workload);
}
