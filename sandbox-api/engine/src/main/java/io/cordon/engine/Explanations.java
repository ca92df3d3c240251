package io.cordon.engine;

import io.cordon.engine.command.Commands;
import io.cordon.engine.pool.WorkerLauncher;
import io.cordon.engine.runtime.WorkerKind;
import io.cordon.engine.selection.Decision;
import io.cordon.engine.selection.Strategies;
import io.cordon.engine.selection.StrategySelector;
import io.cordon.policy.Policy;
import io.cordon.sandbox.Command;
import io.cordon.sandbox.Explanation;
import io.cordon.sandbox.Plugin;
import io.cordon.sandbox.Script;
import io.cordon.sandbox.Workload;
import io.cordon.sandbox.spi.CellSpec;
import io.cordon.sandbox.spi.IsolationStrategy;
import java.util.List;

/** Says what would be done, and does nothing of it. */
final class Explanations {
  private final Strategies strategies;
  private final Commands commands;
  private final WorkerLauncher workers;

  Explanations(Strategies strategies, Commands commands, WorkerLauncher workers) {
    this.strategies = strategies;
    this.commands = commands;
    this.workers = workers;
  }

  Explanation explain(Policy policy, Workload workload) {
    Decision decision = StrategySelector.select(workload.kind(), policy, strategies::report);
    return switch (decision) {
      case Decision.Refused refused -> new Explanation(refused.isolation(), List.of(), List.of());
      case Decision.Chosen chosen -> {
        IsolationStrategy strategy = strategies.get(chosen.isolation().strategy());
        yield new Explanation(
            chosen.isolation(),
            strategy.explain(spec(policy, workload)),
            EffectiveLimits.of(strategy.outerLimits(), policy));
      }
    };
  }

  private CellSpec spec(Policy policy, Workload workload) {
    return switch (workload) {
      case Command command -> commands.spec(policy, command, policy.task().startMax());
      case Script<?> script -> workers.outline(policy, WorkerKind.of(script.language()));
      case Plugin plugin -> workers.outline(policy, WorkerKind.PLUGIN);
    };
  }
}
