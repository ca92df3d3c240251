package io.cordon.conformance;

import static io.cordon.harness.OutcomeAssert.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.cordon.harness.Eventually;
import io.cordon.harness.StrategyUnderTest;
import io.cordon.harness.Tools;
import io.cordon.policy.Limit;
import io.cordon.policy.Protection;
import io.cordon.sandbox.Command;
import io.cordon.sandbox.EffectiveLimit;
import io.cordon.sandbox.Exit;
import io.cordon.sandbox.Explanation;
import io.cordon.sandbox.HostReport.StrategyReport;
import io.cordon.sandbox.Isolation;
import io.cordon.sandbox.Layer;
import io.cordon.sandbox.Plugin;
import io.cordon.sandbox.Sandboxes;
import io.cordon.sandbox.Script;
import io.cordon.sandbox.TaskHandle;
import io.cordon.sandbox.Tenant;
import io.cordon.sandbox.Usage;
import io.cordon.sandbox.Workload;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What is told of a host, a handle and what a task has used. */
interface Reports {

  @Test
  default void theHostIsProbedLayerByLayer(Sandboxes sandboxes, StrategyUnderTest strategy) {
    assertThat(sandboxes.host().strategies())
        .isNotEmpty()
        .allSatisfy(
            each -> {
              assertThat(each.usable()).isTrue();
              assertThat(each.tier()).isIn("cgroup-v2", "cgroup-v1", "rlimit");
              assertThat(each.layers()).extracting(Layer::name).doesNotHaveDuplicates();
              assertThat(each.layers()).allSatisfy(Reports::isHonest);
            });
    List<Protection> known =
        of(strategy, sandboxes).layers().stream()
            .flatMap(layer -> layer.protection().stream())
            .distinct()
            .toList();
    assertThat(known).as("each protection has its layers").contains(Protection.values());
  }

  @Test
  default void everyHandleTellsWhatIsolatesIt(
      Sandboxes sandboxes, Tenant acme, Tools tools, StrategyUnderTest strategy) {
    TaskHandle<Exit> task = acme.submit(tools.command("true"));
    assertThat(task.outcome()).succeeded();

    Isolation isolation = task.isolation();
    assertThat(isolation).isEqualTo(task.outcome().report().isolation());
    assertThat(isolation.strategy()).isEqualTo(strategy.name());
    assertThat(isolation.reasons()).isNotEmpty().noneMatch(String::isBlank);
    assertThat(isolation.launch().orElseThrow()).as("what it has cost").isPositive();
    StrategyReport host = of(strategy, sandboxes);
    assertThat(isolation.tier()).isEqualTo(host.tier());
    assertThat(isolation.layers())
        .as("what the host was found to have is in force")
        .extracting(Layer::name, Layer::state)
        .containsAll(host.layers().stream().map(l -> tuple(l.name(), l.state())).toList());
  }

  @Test
  default void explainingRunsNothing(
      Tenant acme, Tools tools, Plugin shelf, StrategyUnderTest strategy) {
    long before = ProcessHandle.current().descendants().count();
    for (Workload workload :
        List.of(tools.command("sleep", "1000"), Script.javaScript("1"), shelf)) {
      Explanation explanation = acme.explain(workload);

      assertThat(explanation.isolation().strategy()).isEqualTo(strategy.name());
      assertThat(explanation.isolation().reasons()).isNotEmpty();
      assertThat(explanation.isolation().launch()).isEmpty();
      assertThat(explanation.plan()).hasSizeGreaterThan(3).noneMatch(String::isBlank);
      assertThat(explanation.limits())
          .extracting(EffectiveLimit::limit)
          .containsExactly(Limit.CPU, Limit.MEMORY, Limit.PIDS);
    }
    assertThat(ProcessHandle.current().descendants().count()).isLessThanOrEqualTo(before);
  }

  @Test
  default void usageIsMeasured(Tenant acme, Tools tools) throws IOException {
    TaskHandle<Exit> task =
        acme.submit(
            tools
                .sh(
                    """
                    exec 2>/dev/null
                    dd if=/dev/zero of=/dev/null bs=32M count=1
                    dd if=/dev/zero of=/dev/null bs=32M &
                    read -r end
                    kill $!
                    wait $!
                    echo done
                    """)
                .stdin(new Command.Input.Stream()));
    // Where memory is only watched, nobody looks all the time: it has that until it is seen. Where
    // a guest's kernel counts, the host's figure stands in at first: it has had that in any case.
    Eventually.within(
        Duration.ofSeconds(60),
        () ->
            task.usage().memoryPeak().orElse(0) >= 32L << 20
                && task.usage().cpu().compareTo(Duration.ofMillis(10)) >= 0,
        "what it uses is seen");
    task.stdin().close();
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
  default void usageIsLive(Tenant acme, Tools tools) {
    TaskHandle<Exit> task = acme.submit(tools.sh("while :; do :; done"));
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
  default void aScriptsUsageIsMeasuredToo(Tenant acme) {
    TaskHandle<String> task =
        acme.submit(Script.javaScript("let s = 0; for (let i = 0; i < 300000; i++) s += i; s"));

    assertThat(assertThat(task.outcome()).succeeded()).isEqualTo("44999850000");
    assertThat(task.usage().cpu()).isPositive();
    assertThat(task.usage().wall()).isPositive();
  }

  /** What the host says of the strategy under test. */
  static StrategyReport of(StrategyUnderTest strategy, Sandboxes sandboxes) {
    return sandboxes.host().strategies().stream()
        .filter(report -> report.name().equals(strategy.name()))
        .findFirst()
        .orElseThrow();
  }

  private static void isHonest(Layer layer) {
    assertThat(layer.detail()).isNotBlank();
    if (layer.state() != Layer.State.IN_FORCE) {
      assertThat(layer.remedy()).isNotBlank();
    }
  }
}
