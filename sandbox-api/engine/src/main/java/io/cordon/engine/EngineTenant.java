package io.cordon.engine;

import io.cordon.engine.command.Commands;
import io.cordon.engine.plugin.Plugins;
import io.cordon.engine.script.Scripts;
import io.cordon.engine.task.TenantScope;
import io.cordon.policy.Policy;
import io.cordon.policy.StrategyChoice;
import io.cordon.sandbox.Command;
import io.cordon.sandbox.Explanation;
import io.cordon.sandbox.Outcome;
import io.cordon.sandbox.OutcomeException;
import io.cordon.sandbox.Plugin;
import io.cordon.sandbox.Sandbox;
import io.cordon.sandbox.Script;
import io.cordon.sandbox.Task;
import io.cordon.sandbox.TaskHandle;
import io.cordon.sandbox.Tenant;
import io.cordon.sandbox.Workload;
import java.time.Duration;
import java.util.Optional;

/** One tenant, as the application sees it. */
final class EngineTenant implements Tenant {
  private final TenantScope scope;
  private final Commands commands;
  private final Scripts scripts;
  private final Plugins plugins;
  private final Explanations explanations;

  EngineTenant(
      TenantScope scope,
      Commands commands,
      Scripts scripts,
      Plugins plugins,
      Explanations explanations) {
    this.scope = scope;
    this.commands = commands;
    this.scripts = scripts;
    this.plugins = plugins;
    this.explanations = explanations;
  }

  @Override
  public String name() {
    return scope.name();
  }

  @Override
  public Policy policy() {
    return scope.policy();
  }

  @Override
  public Tenant atLeast(StrategyChoice floor) {
    return new EngineTenant(scope.atLeast(floor), commands, scripts, plugins, explanations);
  }

  @Override
  public <T> T run(Task<T> task) {
    return value(start(task, Optional.empty()));
  }

  @Override
  public <T> T run(Task<T> task, Duration timeout) {
    return value(start(task, Optional.of(timeout)));
  }

  @Override
  public <T> TaskHandle<T> submit(Task<T> task) {
    return start(task, Optional.empty());
  }

  @SuppressWarnings("unchecked") // a Command is a Task<Exit>, and nothing else
  private <T> TaskHandle<T> start(Task<T> task, Optional<Duration> timeout) {
    return switch (task) {
      case Command command -> (TaskHandle<T>) commands.submit(scope, command, timeout);
      case Script<T> script -> scripts.submit(scope, script, timeout);
    };
  }

  private static <T> T value(TaskHandle<T> handle) {
    Outcome<T> outcome = handle.outcome();
    if (outcome instanceof Outcome.Succeeded<T>(T value, var report)) {
      return value;
    }
    throw new OutcomeException(outcome);
  }

  @Override
  public Sandbox open(Plugin plugin) {
    return plugins.open(scope, plugin);
  }

  @Override
  public Explanation explain(Workload workload) {
    return explanations.explain(scope.policy(), workload);
  }
}
