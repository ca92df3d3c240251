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

/** Attack 45: threads without end; they count as processes do. */
@AttackTest
@TenantPolicy(
    """
    tenant: acme
    sandbox: { pids.max: 32 }
    """)
class ThreadBombMeetsPidsMaxIT {

  private static final AttackProgram ATTACK = new AttackProgram("thread_bomb.py");
  private static final String COUNT = "200";

  @Test
  void threadsCountTowardsPids(Tenant acme) {
    Ran ran = Ran.of(acme, ATTACK.command(COUNT));

    OutcomeAssert.assertThat(ran.outcome()).exceeded(Limit.PIDS, ran.counting());
    assertThat(ran.stderr()).contains("can't start new thread");
  }

  @Test
  void theControlStartsThemAll(@TempDir Path directory) throws Exception {
    assertThat(ATTACK.plainly(directory, COUNT).output()).contains("STARTED " + COUNT);
  }
}
