package io.cordon.engine;

import io.cordon.engine.admission.Admission;
import io.cordon.engine.command.Commands;
import io.cordon.engine.selection.Strategies;
import io.cordon.engine.supervision.Supervisor;
import io.cordon.engine.task.LiveTasks;
import io.cordon.engine.task.TenantScope;
import io.cordon.policy.Policy;
import io.cordon.sandbox.ErrorCode;
import io.cordon.sandbox.HostReport;
import io.cordon.sandbox.SandboxException;
import io.cordon.sandbox.Sandboxes;
import io.cordon.sandbox.Tenant;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/** Every sandbox of one application. */
final class EngineSandboxes implements Sandboxes {
  private final PolicySource policies;
  private final Commands commands;
  private final Strategies strategies;
  private final Supervisor supervisor;
  private final LiveTasks live;
  private final ConcurrentMap<String, Tenant> tenants = new ConcurrentHashMap<>();

  EngineSandboxes(
      PolicySource policies,
      Commands commands,
      Strategies strategies,
      Supervisor supervisor,
      LiveTasks live) {
    this.policies = policies;
    this.commands = commands;
    this.strategies = strategies;
    this.supervisor = supervisor;
    this.live = live;
  }

  @Override
  public Tenant tenant(String name) {
    requireOpen();
    return tenants.computeIfAbsent(name, this::read);
  }

  private Tenant read(String name) {
    Policy policy = policies.policy(name);
    TenantScope scope = new TenantScope(policy, new Admission(policy.limits().tasksConcurrent()));
    return new EngineTenant(scope, commands);
  }

  @Override
  public HostReport host() {
    requireOpen();
    return new HostReport(strategies.reports());
  }

  private void requireOpen() {
    if (live.closed()) {
      throw new SandboxException(ErrorCode.CLOSED, "these sandboxes are closed");
    }
  }

  /** In the order of who uses whom; each of these may be closed twice. */
  @Override
  public void close() {
    live.close();
    supervisor.close();
    strategies.close();
  }
}
