package io.cordon.attacks;

import static org.assertj.core.api.Assertions.assertThat;

import io.cordon.harness.OutcomeAssert;
import io.cordon.harness.Ran;
import io.cordon.harness.StrategyUnderTest;
import io.cordon.harness.Tools;
import io.cordon.policy.Limit;
import io.cordon.sandbox.Tenant;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Attack 61: processes that nobody waits for. */
interface ZombiesAreReaped {

  AttackProgram ATTACK = new AttackProgram("zombie_storm.py");
  String ORPHANS = "300";

  @Test
  default void orphansAreReapedByInitSoThatThereIsAlwaysRoom(Tenant acme, Tools tools) {
    Ran ran = Ran.of(acme, ATTACK.command(tools, "orphans", ORPHANS));

    OutcomeAssert.assertThat(ran.outcome()).succeeded();
    assertThat(ran.stdout()).contains("ORPHANED " + ORPHANS);
  }

  @Test
  default void zombiesThatTheirParentKeepsCountTowardsPids(
      Tenant acme, Tools tools, StrategyUnderTest strategy) {
    Ran ran = Ran.of(acme, ATTACK.command(tools, "children", "200"));

    OutcomeAssert.assertThat(ran.outcome()).exceeded(Limit.PIDS, ran.counting(strategy));
  }

  @Test
  default void theControlCoversTheHostWithZombies(@TempDir Path directory) throws Exception {
    assertThat(ATTACK.plainly(directory, "children", "200").output()).contains("ZOMBIES 200");
  }
}
