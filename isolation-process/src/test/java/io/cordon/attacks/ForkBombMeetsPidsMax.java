package io.cordon.attacks;

import static org.assertj.core.api.Assertions.assertThat;

import io.cordon.harness.MarkedProcesses;
import io.cordon.harness.OutcomeAssert;
import io.cordon.harness.Ran;
import io.cordon.harness.StrategyUnderTest;
import io.cordon.harness.TenantPolicy;
import io.cordon.harness.Tools;
import io.cordon.policy.Limit;
import io.cordon.sandbox.Exit;
import io.cordon.sandbox.TaskHandle;
import io.cordon.sandbox.Tenant;
import io.cordon.sandbox.Trip;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Attack 44: fork without end. */
@TenantPolicy(
    name = "strict",
    value =
        """
        tenant: strict
        sandbox: { pids.max: 32 }
        task: { onDeny: kill }
        """)
interface ForkBombMeetsPidsMax {

  AttackProgram BOUNDED = new AttackProgram("fork_bomb.py");
  AttackProgram ENDLESS = new AttackProgram("endless_fork_bomb.py");
  String COUNT = "200";

  @Test
  default void aBombThatFailsOfTheDenialExceededPids(
      Tenant acme, Tools tools, StrategyUnderTest strategy) {
    Ran ran = Ran.of(acme, BOUNDED.command(tools, COUNT));

    Trip trip =
        OutcomeAssert.assertThat(ran.outcome()).exceeded(Limit.PIDS, ran.counting(strategy));
    assertThat(trip.effect()).isEqualTo(Limit.Effect.DENY);
    assertThat(trip.allowed()).isEqualTo(32);
    assertThat(trip.observed()).isPositive();
    assertThat(ran.stdout()).doesNotContain("FORKED");
  }

  @Test
  default void aBombThatNeverGivesUpIsHeldAndItsDenialsAreTold(
      Tenant acme, Tenant victim, Tools tools, StrategyUnderTest strategy) {
    MarkedProcesses bomb = MarkedProcesses.create();
    TaskHandle<Exit> running = acme.submit(ENDLESS.command(tools, bomb.marker()));

    long most = 0;
    while (running.events().isEmpty() && !running.result().isDone()) {
      OutcomeAssert.assertThat(victim.submit(tools.command("true")).outcome()).succeeded();
      most = Math.max(most, bomb.alive().size());
    }
    most = Math.max(most, bomb.alive().size()); // it may have begun after the last look
    running.cancel();

    OutcomeAssert.assertThat(running.outcome()).cancelled();
    assertThat(running.events()).extracting(Trip::limit).containsExactly(Limit.PIDS);
    if (strategy.hasAKernelOfItsOwn()) {
      assertThat(most).as("processes of the host's kernel").isZero();
    } else {
      assertThat(most).as("processes of the host's kernel").isBetween(2L, 32L);
    }
    assertThat(bomb.alive()).as("alive after its outcome").isEmpty();
  }

  @Test
  default void aPolicyMayKillAtTheFirstDenial(
      Tenant strict, Tools tools, StrategyUnderTest strategy) {
    Ran ran = Ran.of(strict, ENDLESS.command(tools));

    OutcomeAssert.assertThat(ran.outcome()).exceeded(Limit.PIDS, ran.counting(strategy));
  }

  @Test
  default void theControlForksFarBeyondTheLimit(@TempDir Path directory) throws Exception {
    assertThat(BOUNDED.plainly(directory, COUNT).output()).contains("FORKED " + COUNT);
  }
}
