package io.cordon.attacks;

import static org.assertj.core.api.Assertions.assertThat;

import io.cordon.harness.MarkedProcesses;
import io.cordon.harness.OutcomeAssert;
import io.cordon.harness.Ran;
import io.cordon.harness.TenantPolicy;
import io.cordon.policy.Limit;
import io.cordon.sandbox.Command;
import io.cordon.sandbox.Exit;
import io.cordon.sandbox.TaskHandle;
import io.cordon.sandbox.Tenant;
import io.cordon.sandbox.Trip;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Attack 46: allocate and touch, in a child whose parent is small and would go on. */
@AttackTest
@TenantPolicy(
    name = "acme",
    value =
        """
        tenant: acme
        sandbox: { memory.max: 64Mi }
        """)
@TenantPolicy(name = "victim")
class MemoryBombKillsTheWholeGroupIT {

  private static final AttackProgram ATTACK = new AttackProgram("memory_bomb.py");
  private static final long LIMIT = 64L << 20;

  @Test
  void theParentDiesWithTheChildThatAteTheMemory(Tenant acme, Tenant victim) {
    MarkedProcesses bomb = MarkedProcesses.create();

    TaskHandle<Exit> running = acme.submit(ATTACK.command("" + 8 * LIMIT, bomb.marker()));
    OutcomeAssert.assertThat(victim.submit(Command.of("true")).outcome()).succeeded();

    Ran ran = Ran.of(running);
    Trip trip = OutcomeAssert.assertThat(ran.outcome()).exceeded(Limit.MEMORY, ran.counting());
    assertThat(trip.allowed()).isEqualTo(LIMIT);
    assertThat(trip.effect()).isEqualTo(Limit.Effect.KILL);
    assertThat(ran.stdout()).doesNotContain("ALLOCATED", "SURVIVED");
    assertThat(bomb.alive()).isEmpty();
  }

  @Test
  void theControlAllocatesHalfAsMuchAgainAsTheLimit(@TempDir Path directory) throws Exception {
    assertThat(ATTACK.plainly(directory, "" + LIMIT * 3 / 2).output())
        .contains("ALLOCATED " + LIMIT * 3 / 2, "SURVIVED");
  }
}
