package io.cordon.samples.pluginhost;

import static org.assertj.core.api.Assertions.assertThat;

import io.cordon.policy.Limit;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;

class UsageLedgerTest {
  private final UsageLedger ledger = new UsageLedger();

  @Test
  void addsUpWhatAPluginUsed() {
    ledger.add(Outcomes.PLUGIN, Outcomes.succeeded(Duration.ofMillis(30), 5_000));
    ledger.add(Outcomes.PLUGIN, Outcomes.succeeded(Duration.ofMillis(12), 4_000));

    RunningTotal invoice = ledger.usage("shop").plugins().get("invoice");
    assertThat(invoice)
        .isEqualTo(new RunningTotal(2, Map.of("succeeded", 2L), 42_000, 80_000, 5_000, 14));
  }

  @Test
  void addsUpThePluginsOfATenantAndNoOneElses() {
    ledger.add(new PluginId("shop", "invoice"), Outcomes.succeeded(Duration.ofMillis(1), 1));
    ledger.add(new PluginId("shop", "endless-loop"), Outcomes.exceeded(Limit.CPU_TIME));
    ledger.add(new PluginId("blog", "markdown"), Outcomes.failed("no"));

    TenantUsage shop = ledger.usage("shop");
    assertThat(shop.plugins()).containsOnlyKeys("invoice", "endless-loop");
    assertThat(shop.total().tasks()).isEqualTo(2);
    assertThat(shop.total().outcomes())
        .containsExactlyInAnyOrderEntriesOf(Map.of("succeeded", 1L, "limit-exceeded", 1L));
  }

  @Test
  void aTenantThatRanNothingHasUsedNothing() {
    assertThat(ledger.usage("archive").total()).isEqualTo(RunningTotal.NONE);
  }

  @Test
  void losesNothingBetweenThreads() {
    int tasks = 1_000;
    try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < tasks; i++) {
        executor.execute(
            () -> ledger.add(Outcomes.PLUGIN, Outcomes.succeeded(Duration.ofMillis(1), 1)));
      }
    }

    assertThat(ledger.usage("shop").total().tasks()).isEqualTo(tasks);
    assertThat(ledger.usage("shop").total().cpuMicros()).isEqualTo(tasks * 1_000L);
  }
}
