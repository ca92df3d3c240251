package io.cordon.attacks;

import static org.assertj.core.api.Assertions.assertThat;

import io.cordon.harness.OutcomeAssert;
import io.cordon.harness.Ran;
import io.cordon.harness.TenantPolicy;
import io.cordon.policy.Limit;
import io.cordon.sandbox.Tenant;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Attack 61: processes that nobody waits for. */
@AttackTest
@TenantPolicy(
    """
    tenant: acme
    sandbox: { pids.max: 32 }
    """)
class ZombiesAreReapedIT {

  private static final AttackProgram ATTACK = new AttackProgram("zombie_storm.py");

  @Test
  void orphansAreReapedByInitSoThatThereIsAlwaysRoom(Tenant acme) {
    Ran ran = Ran.of(acme, ATTACK.command("orphans", "500"));

    OutcomeAssert.assertThat(ran.outcome()).succeeded();
    assertThat(ran.stdout()).contains("ORPHANED 500");
  }

  @Test
  void zombiesThatTheirParentKeepsCountTowardsPids(Tenant acme) {
    Ran ran = Ran.of(acme, ATTACK.command("children", "200"));

    OutcomeAssert.assertThat(ran.outcome()).exceeded(Limit.PIDS, ran.counting());
  }

  @Test
  void theControlCoversTheHostWithZombies(@TempDir Path directory) throws Exception {
    assertThat(ATTACK.plainly(directory, "children", "200").output()).contains("ZOMBIES 200");
  }
}
