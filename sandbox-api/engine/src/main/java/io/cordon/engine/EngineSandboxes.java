package io.cordon.engine;

import io.cordon.engine.admission.Gate;
import io.cordon.engine.admission.Refusal;
import io.cordon.engine.command.Commands;
import io.cordon.engine.plugin.Plugins;
import io.cordon.engine.policy.LivePolicies;
import io.cordon.engine.policy.PolicyWatch;
import io.cordon.engine.script.Scripts;
import io.cordon.engine.selection.Strategies;
import io.cordon.engine.task.LiveTasks;
import io.cordon.engine.task.TenantScope;
import io.cordon.sandbox.HostReport;
import io.cordon.sandbox.Sandboxes;
import io.cordon.sandbox.Tenant;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/** Every sandbox of one application. */
final class EngineSandboxes implements Sandboxes {
  private final LivePolicies policies;
  private final PolicyWatch watch;
  private final Commands commands;
  private final Scripts scripts;
  private final Plugins plugins;
  private final Explanations explanations;
  private final Strategies strategies;
  private final Gate gate;
  private final LiveTasks live;
  private final List<AutoCloseable> parts;
  private final ConcurrentMap<String, Tenant> tenants = new ConcurrentHashMap<>();

  /**
   * The sandboxes of an application.
   *
   * @param watch begins when the first tenant is asked for
   * @param parts what is closed with them once no task runs any more, in this order
   */
  EngineSandboxes(
      LivePolicies policies,
      PolicyWatch watch,
      Commands commands,
      Scripts scripts,
      Plugins plugins,
      Explanations explanations,
      Strategies strategies,
      Gate gate,
      LiveTasks live,
      List<AutoCloseable> parts) {
    this.policies = policies;
    this.watch = watch;
    this.commands = commands;
    this.scripts = scripts;
    this.plugins = plugins;
    this.explanations = explanations;
    this.strategies = strategies;
    this.gate = gate;
    this.live = live;
    this.parts = List.copyOf(parts);
  }

  @Override
  public Tenant tenant(String name) {
    requireOpen();
    Tenant tenant = tenants.computeIfAbsent(name, this::read);
    watch.begin();
    return tenant;
  }

  private Tenant read(String name) {
    TenantScope scope = policies.tenant(name);
    return new EngineTenant(scope, commands, scripts, plugins, explanations);
  }

  @Override
  public HostReport host() {
    requireOpen();
    return new HostReport(strategies.reports());
  }

  private void requireOpen() {
    if (live.closed()) {
      throw Refusal.CLOSED.exception();
    }
  }

  /** Each part may be closed twice; one that fails does not keep the others open. */
  @Override
  public void close() {
    gate.close();
    live.close();
    RuntimeException failure = null;
    for (AutoCloseable part : parts) {
      try {
        part.close();
      } catch (Exception e) {
        if (failure == null) {
          failure = new IllegalStateException("the sandboxes could not be closed whole", e);
        } else {
          failure.addSuppressed(e);
        }
      }
    }
    if (failure != null) {
      throw failure;
    }
  }
}
