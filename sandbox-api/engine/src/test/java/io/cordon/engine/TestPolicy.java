package io.cordon.engine;

import io.cordon.policy.AdmissionLimits;
import io.cordon.policy.IsolationPolicy;
import io.cordon.policy.Policy;
import io.cordon.policy.Protection;
import io.cordon.policy.SandboxLimits;
import io.cordon.policy.ScriptLimits;
import io.cordon.policy.StrategyChoice;
import io.cordon.policy.TaskLimits;
import io.cordon.policy.TenantLimits;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;

/** A policy that is generous, but for what a test says. Immutable: each method makes a copy. */
public record TestPolicy(
    IsolationPolicy isolation,
    TenantLimits limits,
    SandboxLimits sandbox,
    TaskLimits task,
    Set<String> environment) {

  public static final long MIB = 1 << 20;

  public static TestPolicy generous() {
    return new TestPolicy(
        new IsolationPolicy(StrategyChoice.AUTO, Set.of(), List.of()),
        TenantLimits.NONE,
        new SandboxLimits(2000, 512 * MIB, 256, new SandboxLimits.Disk(64 * MIB, 10_000)),
        new TaskLimits(
            Duration.ofSeconds(60),
            Optional.empty(),
            MIB,
            Duration.ofSeconds(30),
            TaskLimits.DenyAction.CONTINUE),
        Set.of());
  }

  public Policy of(String tenant) {
    return new Policy(tenant, isolation, limits, sandbox, task, ScriptLimits.NONE, environment);
  }

  public TestPolicy strategy(StrategyChoice choice, Protection... required) {
    return new TestPolicy(
        new IsolationPolicy(choice, Set.of(required), List.of()),
        limits,
        sandbox,
        task,
        environment);
  }

  public TestPolicy concurrent(int tasks) {
    return tenant(new TenantLimits(OptionalInt.of(tasks)));
  }

  public TestPolicy admission(AdmissionLimits admission) {
    return tenant(new TenantLimits(admission));
  }

  public TestPolicy tenantMemory(long bytes) {
    return tenant(
        new TenantLimits(
            OptionalInt.empty(),
            OptionalLong.empty(),
            OptionalLong.of(bytes),
            OptionalInt.empty()));
  }

  private TestPolicy tenant(TenantLimits total) {
    return new TestPolicy(isolation, total, sandbox, task, environment);
  }

  public TestPolicy environment(String... names) {
    return new TestPolicy(isolation, limits, sandbox, task, Set.of(names));
  }

  public TestPolicy wall(Duration max) {
    return task(
        new TaskLimits(max, task.cpuTime(), task.outputMax(), task.startMax(), task.onDeny()));
  }

  public TestPolicy cpuTime(Duration max) {
    return task(
        new TaskLimits(
            task.wallMax(), Optional.of(max), task.outputMax(), task.startMax(), task.onDeny()));
  }

  public TestPolicy output(long bytes) {
    return task(
        new TaskLimits(task.wallMax(), task.cpuTime(), bytes, task.startMax(), task.onDeny()));
  }

  public TestPolicy start(Duration max) {
    return task(
        new TaskLimits(task.wallMax(), task.cpuTime(), task.outputMax(), max, task.onDeny()));
  }

  public TestPolicy onDeny(TaskLimits.DenyAction action) {
    return task(
        new TaskLimits(task.wallMax(), task.cpuTime(), task.outputMax(), task.startMax(), action));
  }

  public TestPolicy memory(long bytes) {
    return sandbox(
        new SandboxLimits(sandbox.cpuMaxMillis(), bytes, sandbox.pidsMax(), sandbox.disk()));
  }

  public TestPolicy pids(int count) {
    return sandbox(
        new SandboxLimits(sandbox.cpuMaxMillis(), sandbox.memoryMax(), count, sandbox.disk()));
  }

  private TestPolicy task(TaskLimits now) {
    return new TestPolicy(isolation, limits, sandbox, now, environment);
  }

  public TestPolicy sandbox(SandboxLimits now) {
    return new TestPolicy(isolation, limits, now, task, environment);
  }
}
