package io.cordon.attacks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.cordon.harness.OutcomeAssert;
import io.cordon.harness.Ran;
import io.cordon.harness.StrategyUnderTest;
import io.cordon.harness.Tools;
import io.cordon.policy.Limit;
import io.cordon.sandbox.Tenant;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Attack 62: join a group further up, raise the limits of one's own, make a hundred thousand. */
interface NoGroupIsClimbed {

  AttackProgram ATTACK = new AttackProgram("cgroup_climb.py");
  String COUNT = "60";

  @Test
  default void noneIsToBeSeenAndTheLimitsHoldAsBefore(
      Tenant acme, Tools tools, StrategyUnderTest strategy) {
    Ran ran = Ran.of(acme, ATTACK.command(tools, COUNT, "100000", "climb"));

    OutcomeAssert.assertThat(ran.outcome()).exceeded(Limit.PIDS, ran.counting(strategy));
    assertThat(ran.stdout())
        .contains("LOOKED")
        .doesNotContain("JOINED", "RAISED", "MADE", "MOUNTED", "FORKED");
  }

  @Test
  default void theControlMakesGroups(@TempDir Path directory) throws Exception {
    String output = ATTACK.plainly(directory, COUNT, "1", "make").output();

    assumeThat(output).as("the control needs control groups that can be written").contains("MADE");
    assertThat(output).contains("MADE 1", "FORKED " + COUNT);
  }
}
