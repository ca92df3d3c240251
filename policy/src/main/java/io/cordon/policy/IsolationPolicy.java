package io.cordon.policy;

import java.util.List;
import java.util.Set;

/**
 * Which strategies may isolate a tenant's code, and what they must provide.
 *
 * @param strategy the strategy for workloads that no override matches
 * @param require the protections without which nothing of this tenant starts; what is not named
 *     here is still used wherever the host has it
 * @param overrides the first that matches a workload decides its strategy
 * @param emulation whether a micro-VM may be emulated
 */
public record IsolationPolicy(
    StrategyChoice strategy,
    Set<Protection> require,
    List<StrategyOverride> overrides,
    Emulation emulation) {

  public IsolationPolicy {
    require = Set.copyOf(require);
    overrides = List.copyOf(overrides);
  }

  /** A policy under which micro-VMs need hardware virtualisation. */
  public IsolationPolicy(
      StrategyChoice strategy, Set<Protection> require, List<StrategyOverride> overrides) {
    this(strategy, require, overrides, Emulation.REFUSE);
  }

  /**
   * A strategy for one kind of workload.
   *
   * @param kind the workloads that this override is for
   * @param strategy their strategy
   */
  public record StrategyOverride(WorkloadKind kind, StrategyChoice strategy) {}

  /**
   * This policy under an application that asks for more: each kind of workload gets the stronger of
   * the policy's strategy and {@code floor}.
   */
  public IsolationPolicy atLeast(StrategyChoice floor) {
    List<StrategyOverride> raised =
        overrides.stream()
            .map(each -> new StrategyOverride(each.kind(), stronger(each.strategy(), floor)))
            .toList();
    return new IsolationPolicy(stronger(strategy, floor), require, raised, emulation);
  }

  private static StrategyChoice stronger(StrategyChoice one, StrategyChoice other) {
    return one.compareTo(other) >= 0 ? one : other;
  }

  /** The strategy for workloads of one kind. */
  public StrategyChoice strategyFor(WorkloadKind kind) {
    for (StrategyOverride override : overrides) {
      if (override.kind() == kind) {
        return override.strategy();
      }
    }
    return strategy;
  }
}
