package io.cordon.attacks;

import static org.assertj.core.api.Assertions.assertThat;

import io.cordon.harness.MarkedProcesses;
import io.cordon.harness.OutcomeAssert;
import io.cordon.harness.Ran;
import io.cordon.harness.StrategyUnderTest;
import io.cordon.harness.Tools;
import io.cordon.policy.Limit;
import io.cordon.sandbox.Exit;
import io.cordon.sandbox.TaskHandle;
import io.cordon.sandbox.Tenant;
import io.cordon.sandbox.Trip;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Attack 46: allocate and touch, in a child whose parent is small and would go on. */
interface MemoryBombKillsTheWholeGroup {

  AttackProgram ATTACK = new AttackProgram("memory_bomb.py");
  long LIMIT = 64L << 20;

  @Test
  default void theParentDiesWithTheChildThatAteTheMemory(
      Tenant acme, Tenant victim, Tools tools, StrategyUnderTest strategy) {
    MarkedProcesses bomb = MarkedProcesses.create();

    TaskHandle<Exit> running = acme.submit(ATTACK.command(tools, "" + 8 * LIMIT, bomb.marker()));
    OutcomeAssert.assertThat(victim.submit(tools.command("true")).outcome()).succeeded();

    Ran ran = Ran.of(running);
    Trip trip =
        OutcomeAssert.assertThat(ran.outcome()).exceeded(Limit.MEMORY, ran.counting(strategy));
    assertThat(trip.allowed()).isEqualTo(LIMIT);
    assertThat(trip.effect()).isEqualTo(Limit.Effect.KILL);
    assertThat(ran.stdout()).doesNotContain("ALLOCATED", "SURVIVED");
    assertThat(bomb.alive()).isEmpty();
  }

  @Test
  default void theControlAllocatesHalfAsMuchAgainAsTheLimit(@TempDir Path directory)
      throws Exception {
    assertThat(ATTACK.plainly(directory, "" + LIMIT * 3 / 2).output())
        .contains("ALLOCATED " + LIMIT * 3 / 2, "SURVIVED");
  }
}
