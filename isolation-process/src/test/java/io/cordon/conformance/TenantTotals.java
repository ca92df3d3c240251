package io.cordon.conformance;

import static io.cordon.harness.OutcomeAssert.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import io.cordon.harness.Eventually;
import io.cordon.harness.HeldLimits;
import io.cordon.harness.Keeper;
import io.cordon.harness.Ran;
import io.cordon.harness.StrategyUnderTest;
import io.cordon.harness.TenantGroups;
import io.cordon.harness.TenantPolicy;
import io.cordon.harness.Tools;
import io.cordon.policy.Limit;
import io.cordon.sandbox.Command;
import io.cordon.sandbox.Exit;
import io.cordon.sandbox.Sandboxes;
import io.cordon.sandbox.TaskHandle;
import io.cordon.sandbox.Tenant;
import io.cordon.sandbox.Trip;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A tenant's own total is not a sandbox's limit, and the outcome says which it was. */
@TenantPolicy(
    name = "allied",
    value =
        """
        tenant: allied
        limits: { memory.max: 300Mi }
        sandbox: { memory.max: 384Mi }
        """)
@TenantPolicy(
    name = "rival",
    value =
        """
        tenant: rival
        limits: { memory.max: 300Mi }
        sandbox: { memory.max: 384Mi }
        """)
@TenantPolicy(
    name = "crowd",
    value =
        """
        tenant: crowd
        limits: { cpu.max: 250m, pids.max: 24 }
        sandbox: { pids.max: 20 }
        """)
interface TenantTotals {
  Duration PATIENCE = Duration.ofSeconds(60);
  Duration TWO_PERIODS = Duration.ofMillis(200);

  /**
   * Up to 360 MiB, slow enough for who looks 50 times a second. Each of its processes has more than
   * a modest one, for the kernel kills the largest.
   */
  String BOMB =
      """
      for i in 1 2 3 4 5 6 7 8 9; do
        dd if=/dev/zero bs=40M count=1 2>/dev/null | sleep 1000 &
        sleep 0.05
      done
      wait
      echo survived
      """;

  @Test
  default void aKillForTheTenantsMemoryNamesThatAndOnlyTheDyingIsTold(
      Tenant allied, Tenant rival, Tools tools) throws IOException {
    Keeper modest = Keeper.of(allied, tools, 24);
    Keeper neighbour = Keeper.of(rival, tools, 24);

    Ran bomb = Ran.of(allied, tools.sh(BOMB));

    // The tenant's total is the host's to hold, whatever the cells are.
    Trip trip = assertThat(bomb.outcome()).exceeded(Limit.TENANT_MEMORY, bomb.counting());
    assertThat(trip.limit().key()).isEqualTo("tenant/memory.max");
    assertThat(trip.effect()).isEqualTo(Limit.Effect.KILL);
    assertThat(trip.allowed()).isEqualTo(300L << 20);
    assertThat(bomb.outcome().report().trips()).containsExactly(trip);
    assertThat(bomb.stdout()).doesNotContain("survived");
    for (Keeper unharmed : List.of(modest, neighbour)) {
      assertThat(unharmed.task().events()).isEmpty();
      unharmed.letGo();
      assertThat(unharmed.task().outcome().report().trips()).isEmpty();
    }
  }

  @Test
  default void aDenialForTheTenantsProcessesNamesThat(
      Tenant crowd, Tools tools, Sandboxes sandboxes, StrategyUnderTest strategy)
      throws IOException {
    HeldLimits held = HeldLimits.of(sandboxes, strategy);
    TaskHandle<Exit> many =
        crowd.submit(
            tools
                .sh("for i in 1 2 3 4 5 6 7 8 9 10 11 12; do sleep 1000 & done; echo up; read -r e")
                .stdin(new Command.Input.Stream())
                .stdout(Command.Output.STREAM));
    assertThat(Keeper.nextLine(many)).isEqualTo("up");
    if (!held.holds("cgroup-pids")) {
      assertThat(many.isolation().reasons())
          .anyMatch(reason -> reason.contains("nothing holds a tenant to limits.pids.max"));
    } else if (strategy.hasAKernelOfItsOwn()) {
      // These processes are the guest's; of the host's, the machine has a few threads.
      assertThat(TenantGroups.ofTenant("crowd", "pids.max")).isEqualTo("24");
    } else {
      Ran ran =
          Ran.of(
              crowd, tools.sh("for i in 1 2 3 4 5 6 7 8 9 10 11 12 13 14; do sleep 1000 & done"));

      Trip trip = assertThat(ran.outcome()).exceeded(Limit.TENANT_PIDS, ran.counting());
      assertThat(trip.allowed()).isEqualTo(24);
      assertThat(trip.effect()).isEqualTo(Limit.Effect.DENY);
      assertThat(ran.outcome().report().trips()).containsExactly(trip);
    }
    many.cancel();
    assertThat(many.outcome()).cancelled();
  }

  @Test
  default void theTenantsProcessorTimeIsThatOfAllItsTasksTogether(
      Tenant crowd, Tools tools, Sandboxes sandboxes, StrategyUnderTest strategy)
      throws IOException {
    assertThat(crowd.submit(tools.command("true")).outcome()).succeeded();
    long submitted = System.nanoTime();
    List<TaskHandle<Exit>> tasks =
        List.of(SlowingLimits.spin(crowd, tools), SlowingLimits.spin(crowd, tools));
    boolean held = HeldLimits.of(sandboxes, strategy).holds("cgroup-cpu");
    if (held) {
      Eventually.within(
          PATIENCE,
          () ->
              tasks.stream().allMatch(task -> task.usage().cpu().compareTo(TWO_PERIODS) > 0)
                  && throttled() > 2,
          "both have worked, and were throttled as one");
    }
    Duration used = Duration.ZERO;
    for (TaskHandle<Exit> task : tasks) {
      task.stdin().close();
      assertThat(task.outcome()).succeeded();
      used = used.plus(task.usage().cpu());
      assertThat(task.events()).isEmpty();
    }
    Duration elapsed = Duration.ofNanos(System.nanoTime() - submitted);
    if (held) {
      assertThat(used).isLessThan(elapsed.plus(TWO_PERIODS).dividedBy(4).plusMillis(10));
    }
  }

  private static long throttled() {
    return TenantGroups.ofTenant("crowd", "cpu.stat")
        .lines()
        .filter(line -> line.startsWith("nr_throttled "))
        .mapToLong(line -> Long.parseLong(line.substring("nr_throttled ".length())))
        .sum();
  }
}
