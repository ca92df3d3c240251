package io.cordon.sandbox;

import io.cordon.policy.Policy;
import io.cordon.policy.StrategyChoice;
import java.time.Duration;

/** One tenant: whose code runs, and under which policy. Safe for use by several threads. */
public interface Tenant {

  /** The tenant's name. */
  String name();

  /**
   * The policy in force; another one after its files have {@linkplain Sandboxes#tenant changed}.
   */
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
   * Runs a task that may take no longer than {@code timeout} from now on: to wait for its admission
   * and to be launched are part of it. The policy's {@code wall.max}, which runs from the dispatch,
   * holds besides. Whichever is over first, the task ends as {@link Outcome.LimitExceeded} of
   * {@code wall.max}, and {@link Outcome.LimitExceeded#allowed} says how long it was. An interrupt
   * cancels the task.
   *
   * @throws OutcomeException if the outcome is anything but {@link Outcome.Succeeded}
   */
  <T> T run(Task<T> task, Duration timeout);

  /**
   * Starts a task. Never throws for what the policy or the host refuses: that is an outcome.
   *
   * <p>A task that may not begin yet, for the tenant's {@code tasks.concurrent}, {@code tasks.rate}
   * or {@code cpu.budget}, or for what the application lets {@linkplain
   * Sandboxes.Builder#tasksConcurrent all tenants} have, waits as long as {@code tasks.queue} says,
   * and is refused otherwise: {@link ErrorCode#TOO_MANY_TASKS}, {@link ErrorCode#RATE_EXCEEDED},
   * {@link ErrorCode#BUDGET_EXCEEDED} or {@link ErrorCode#HOST_BUSY}. Tasks of one tenant begin in
   * the order in which they came. While one waits it takes no thread, its {@code wall.max} does not
   * run, and it can be cancelled.
   */
  <T> TaskHandle<T> submit(Task<T> task);

  /**
   * Opens a sandbox around a plugin; it keeps its state until it is closed. To open one is a task,
   * too: it takes one of the tenant's places until it is done, may have to wait for that as in
   * {@link #submit}, and counts for its rate. An interrupt cancels it.
   *
   * @throws SandboxException with the reason, if the policy or the host refuses
   * @throws OutcomeException if it does not succeed otherwise: it is interrupted, say, or takes
   *     longer than {@code start.max}
   */
  Sandbox open(Plugin plugin);

  /**
   * What would isolate this workload here, why, and how it would be launched. Runs nothing of the
   * workload. But it waits for the host to be probed, by really launching a cell, where nobody has
   * waited for that before; and for a micro-VM the root image of the program is made if there is
   * none, which takes seconds.
   *
   * <p>Under {@link StrategyChoice#AUTO} a plugin is explained as one that uses nothing but plain
   * Java: what its jars show is read, in a cell, when it is opened, and may choose {@code vm} then.
   */
  Explanation explain(Workload workload);
}
