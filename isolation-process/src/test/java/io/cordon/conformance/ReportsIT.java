package io.cordon.conformance;

import static io.cordon.harness.OutcomeAssert.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.cordon.harness.Eventually;
import io.cordon.harness.SandboxTest;
import io.cordon.harness.TenantPolicy;
import io.cordon.policy.Protection;
import io.cordon.sandbox.Command;
import io.cordon.sandbox.Exit;
import io.cordon.sandbox.Explanation;
import io.cordon.sandbox.HostReport.StrategyReport;
import io.cordon.sandbox.Isolation;
import io.cordon.sandbox.Layer;
import io.cordon.sandbox.Sandboxes;
import io.cordon.sandbox.Script;
import io.cordon.sandbox.TaskHandle;
import io.cordon.sandbox.Tenant;
import io.cordon.sandbox.Usage;
import io.cordon.sandbox.Workload;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@SandboxTest
@TenantPolicy(name = "acme")
@TenantPolicy(
    name = "elsewhere",
    value =
        """
        tenant: elsewhere
        isolation: { strategy: vm }
        """)
class ReportsIT {

  @Test
  void theHostIsProbedLayerByLayer(Sandboxes sandboxes) {
    assertThat(sandboxes.host().strategies())
        .isNotEmpty()
        .allSatisfy(
            strategy -> {
              assertThat(strategy.usable()).isTrue();
              assertThat(strategy.tier()).isIn("cgroup-v2", "cgroup-v1", "rlimit");
              assertThat(strategy.layers()).extracting(Layer::name).doesNotHaveDuplicates();
              assertThat(strategy.layers()).allSatisfy(ReportsIT::isHonest);
            });
    List<Protection> known =
        sandboxes.host().strategies().getFirst().layers().stream()
            .flatMap(layer -> layer.protection().stream())
            .distinct()
            .toList();
    assertThat(known).as("each protection has its layers").contains(Protection.values());
  }

  @Test
  void everyHandleTellsWhatIsolatesIt(Sandboxes sandboxes, Tenant acme) {
    TaskHandle<Exit> task = acme.submit(Command.of("true"));
    assertThat(task.outcome()).succeeded();

    Isolation isolation = task.isolation();
    assertThat(isolation).isEqualTo(task.outcome().report().isolation());
    assertThat(isolation.reasons()).isNotEmpty().noneMatch(String::isBlank);
    StrategyReport host =
        sandboxes.host().strategies().stream()
            .filter(s -> s.name().equals(isolation.strategy()))
            .findFirst()
            .orElseThrow();
    assertThat(isolation.tier()).isEqualTo(host.tier());
    assertThat(isolation.layers())
        .as("what the host was found to have is in force")
        .extracting(Layer::name, Layer::state)
        .containsAll(host.layers().stream().map(l -> tuple(l.name(), l.state())).toList());
  }

  @Test
  void explainingRunsNothing(Tenant acme, @TempDir Path directory) {
    long before = ProcessHandle.current().descendants().count();
    for (Workload workload :
        List.of(Command.of("sleep", "1000"), Script.javaScript("1"), ShelfPlugin.in(directory))) {
      Explanation explanation = acme.explain(workload);

      assertThat(explanation.isolation().strategy()).isNotEqualTo("none");
      assertThat(explanation.isolation().reasons()).isNotEmpty();
      assertThat(explanation.plan()).hasSizeGreaterThan(3).noneMatch(String::isBlank);
    }
    assertThat(ProcessHandle.current().descendants().count()).isLessThanOrEqualTo(before);
  }

  @Test
  void aRefusalIsExplainedAsOne(Tenant elsewhere) {
    Explanation explanation = elsewhere.explain(Command.of("true"));

    assertThat(explanation.isolation().strategy()).isEqualTo("none");
    assertThat(explanation.isolation().reasons()).anyMatch(r -> r.contains("isolation-vm"));
    assertThat(explanation.plan()).isEmpty();
  }

  @Test
  void usageIsMeasured(Tenant acme) {
    TaskHandle<Exit> task =
        acme.submit(
            Command.of(
                "/usr/bin/python3",
                "-c",
                "x = b'x' * (32 << 20)\nsum(range(3000000))\nprint('done')"));
    assertThat(task.outcome()).succeeded();

    Usage usage = task.usage();
    assertThat(usage).isEqualTo(task.outcome().report().usage());
    assertThat(usage.wall()).isPositive();
    assertThat(usage.cpu()).isBetween(Duration.ofMillis(10), Duration.ofSeconds(60));
    assertThat(usage.cpu()).isEqualTo(usage.cpuUser().plus(usage.cpuSystem()));
    assertThat(usage.memoryPeak().orElseThrow()).isBetween(32L << 20, 256L << 20);
    assertThat(usage.outputBytes()).isEqualTo("done\n".length());
  }

  @Test
  void usageIsLive(Tenant acme) {
    TaskHandle<Exit> task = acme.submit(Command.of("sh", "-c", "while :; do :; done"));
    try {
      Eventually.within(
          Duration.ofSeconds(60),
          () -> task.usage().cpu().compareTo(Duration.ofMillis(100)) > 0,
          "processor time");
      assertThat(task.result()).isNotDone();
    } finally {
      task.cancel();
    }
    assertThat(task.outcome()).cancelled();
    assertThat(task.usage().cpu()).isGreaterThan(Duration.ofMillis(100));
  }

  @Test
  void aScriptsUsageIsMeasuredToo(Tenant acme) {
    TaskHandle<String> task =
        acme.submit(Script.javaScript("let s = 0; for (let i = 0; i < 300000; i++) s += i; s"));

    assertThat(assertThat(task.outcome()).succeeded()).isEqualTo("44999850000");
    assertThat(task.usage().cpu()).isPositive();
    assertThat(task.usage().wall()).isPositive();
  }

  private static void isHonest(Layer layer) {
    assertThat(layer.detail()).isNotBlank();
    if (layer.state() != Layer.State.IN_FORCE) {
      assertThat(layer.remedy()).isNotBlank();
    }
  }
}
