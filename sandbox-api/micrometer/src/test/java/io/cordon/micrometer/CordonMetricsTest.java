package io.cordon.micrometer;

import static org.assertj.core.api.Assertions.assertThat;

import io.cordon.policy.Limit;
import io.cordon.policy.WorkloadKind;
import io.cordon.sandbox.ErrorCode;
import io.cordon.sandbox.Evidence;
import io.cordon.sandbox.Isolation;
import io.cordon.sandbox.SandboxEvent;
import io.cordon.sandbox.SandboxEvent.Cause;
import io.cordon.sandbox.SandboxEvent.Ending;
import io.cordon.sandbox.TaskReport;
import io.cordon.sandbox.Trip;
import io.cordon.sandbox.Usage;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class CordonMetricsTest {
  private static final Trip MEMORY =
      new Trip(Limit.MEMORY, Limit.Effect.KILL, 64, 64, Evidence.KERNEL);

  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  private final CordonMetrics metrics = new CordonMetrics();

  private static TaskReport report(List<Trip> trips) {
    return new TaskReport(
        "acme",
        new Isolation("process", "cgroup-v2", List.of(), List.of()),
        new Usage(Duration.ofMillis(1500), Duration.ZERO, Duration.ZERO, OptionalLong.empty(), 0),
        trips);
  }

  private static SandboxEvent started() {
    return new SandboxEvent.TaskStarted("acme", WorkloadKind.SCRIPT);
  }

  private static SandboxEvent succeeded() {
    return new SandboxEvent.TaskEnded(
        WorkloadKind.SCRIPT, Ending.SUCCEEDED, Optional.empty(), report(List.of()));
  }

  private static SandboxEvent distrusted(String what) {
    return new SandboxEvent.Killed(
        WorkloadKind.PLUGIN, new Cause.Distrusted(what), report(List.of()));
  }

  @Test
  void aTaskIsTimedByItsOutcome() {
    metrics.bindTo(registry);
    metrics.on(started());
    metrics.on(succeeded());

    var timer =
        registry
            .get("cordon.tasks")
            .tags("tenant", "acme", "kind", "script", "strategy", "process")
            .tags("outcome", "succeeded", "limit", "none")
            .timer();
    assertThat(timer.count()).isEqualTo(1);
    assertThat(timer.totalTime(TimeUnit.MILLISECONDS)).isEqualTo(1500);
  }

  @Test
  void aKillForMemoryNamesTheLimit() {
    metrics.bindTo(registry);
    TaskReport report = report(List.of(MEMORY));
    metrics.on(started());
    metrics.on(
        new SandboxEvent.Killed(WorkloadKind.SCRIPT, new Cause.LimitExceeded(MEMORY), report));
    metrics.on(
        new SandboxEvent.TaskEnded(
            WorkloadKind.SCRIPT, Ending.LIMIT_EXCEEDED, Optional.of(MEMORY), report));

    assertThat(
            registry
                .get("cordon.kills")
                .tags("tenant", "acme", "kind", "script", "strategy", "process")
                .tags("limit", "memory.max", "evidence", "kernel")
                .counter()
                .count())
        .isEqualTo(1);
    assertThat(
            registry
                .get("cordon.tasks")
                .tags("outcome", "limit-exceeded", "limit", "memory.max")
                .timer()
                .count())
        .isEqualTo(1);
  }

  @Test
  void aRefusalIsCountedByItsCode() {
    metrics.bindTo(registry);
    metrics.on(
        new SandboxEvent.Refused(
            "acme", WorkloadKind.COMMAND, ErrorCode.TOO_MANY_TASKS, "has 8 running already"));

    assertThat(
            registry
                .get("cordon.refusals")
                .tags("tenant", "acme", "kind", "command", "code", "too-many-tasks")
                .counter()
                .count())
        .isEqualTo(1);
    assertThat(registry.find("cordon.tasks").timers()).isEmpty();
  }

  @Test
  void theGaugeRisesAndFallsWithTheTasks() {
    metrics.bindTo(registry);
    metrics.on(started());
    metrics.on(started());
    assertThat(running(registry)).isEqualTo(2);

    metrics.on(succeeded());
    assertThat(running(registry)).isEqualTo(1);
  }

  @Test
  void theGaugeKnowsTasksThatBeganBeforeItWasBoundToARegistry() {
    metrics.on(started());
    metrics.bindTo(registry);
    SimpleMeterRegistry second = new SimpleMeterRegistry();
    metrics.bindTo(second);

    assertThat(running(registry)).isEqualTo(1);
    assertThat(running(second)).isEqualTo(1);
  }

  @Test
  void nothingThatAGuestSaysBecomesAMeter() {
    metrics.bindTo(registry);
    IntStream.range(0, 1000).forEach(i -> metrics.on(distrusted("it said " + i)));

    assertThat(registry.getMeters()).hasSize(1);
    assertThat(registry.getMeters().stream().map(Meter::getId).flatMap(id -> id.getTags().stream()))
        .extracting(Tag::getValue)
        .noneMatch(value -> value.startsWith("it said"));
  }

  private static double running(SimpleMeterRegistry registry) {
    return registry.get("cordon.tasks.running").tag("tenant", "acme").gauge().value();
  }

  @Test
  void reloadsOfPoliciesAreCountedByWhatCameOfThem() {
    metrics.bindTo(registry);
    metrics.on(new SandboxEvent.PolicyRejected("acme", List.of()));
    metrics.on(new SandboxEvent.PolicyRejected("acme", List.of()));

    assertThat(
            registry
                .get("cordon.policy.reloads")
                .tags("tenant", "acme", "result", "rejected")
                .counter()
                .count())
        .isEqualTo(2);
  }
}
