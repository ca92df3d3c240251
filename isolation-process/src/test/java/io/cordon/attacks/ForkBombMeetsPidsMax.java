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

/** Attack 44: fork without end. */
@AttackTest
@TenantPolicy(
    name = "acme",
    value =
        """
        tenant: acme
        sandbox: { pids.max: 32 }
        task: { wall.max: 2s }
        """)
@TenantPolicy(
    name = "strict",
    value =
        """
        tenant: strict
        sandbox: { pids.max: 32 }
        task: { onDeny: kill }
        """)
@TenantPolicy(name = "victim")
class ForkBombMeetsPidsMaxIT {

  private static final AttackProgram BOUNDED = new AttackProgram("fork_bomb.py");
  private static final AttackProgram ENDLESS = new AttackProgram("endless_fork_bomb.py");
  private static final String COUNT = "200";

  @Test
  void aBombThatFailsOfTheDenialExceededPids(Tenant acme) {
    Ran ran = Ran.of(acme, BOUNDED.command(COUNT));

    Trip trip = OutcomeAssert.assertThat(ran.outcome()).exceeded(Limit.PIDS, ran.counting());
    assertThat(trip.effect()).isEqualTo(Limit.Effect.DENY);
    assertThat(trip.allowed()).isEqualTo(32);
    assertThat(trip.observed()).isPositive();
    assertThat(ran.stdout()).doesNotContain("FORKED");
  }

  @Test
  void aBombThatNeverGivesUpMeetsTheClockAndItsDenialsAreTold(Tenant acme, Tenant victim) {
    MarkedProcesses bomb = MarkedProcesses.create();
    TaskHandle<Exit> running = acme.submit(ENDLESS.command(bomb.marker()));

    long most = 0;
    while (!running.result().isDone()) {
      most = Math.max(most, bomb.alive().size());
      OutcomeAssert.assertThat(victim.submit(Command.of("true")).outcome()).succeeded();
    }

    Ran ran = Ran.of(running);
    OutcomeAssert.assertThat(ran.outcome()).exceeded(Limit.WALL);
    assertThat(ran.outcome().report().trips())
        .extracting(Trip::limit)
        .containsExactlyInAnyOrder(Limit.PIDS, Limit.WALL);
    assertThat(most).as("processes on the host").isBetween(2L, 32L);
    assertThat(bomb.alive()).as("alive after its outcome").isEmpty();
  }

  @Test
  void aPolicyMayKillAtTheFirstDenial(Tenant strict) {
    Ran ran = Ran.of(strict, ENDLESS.command());

    OutcomeAssert.assertThat(ran.outcome()).exceeded(Limit.PIDS, ran.counting());
  }

  @Test
  void theControlForksFarBeyondTheLimit(@TempDir Path directory) throws Exception {
    assertThat(BOUNDED.plainly(directory, COUNT).output()).contains("FORKED " + COUNT);
  }
}
