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

/** Attack 45: threads without end; they count as processes do. */
interface ThreadBombMeetsPidsMax {

  AttackProgram ATTACK = new AttackProgram("thread_bomb.py");
  String COUNT = "200";

  @Test
  default void threadsCountTowardsPids(Tenant acme, Tools tools, StrategyUnderTest strategy) {
    Ran ran = Ran.of(acme, ATTACK.command(tools, COUNT));

    OutcomeAssert.assertThat(ran.outcome()).exceeded(Limit.PIDS, ran.counting(strategy));
    assertThat(ran.stderr()).contains("can't start new thread");
  }

  @Test
  default void theControlStartsThemAll(@TempDir Path directory) throws Exception {
    assertThat(ATTACK.plainly(directory, COUNT).output()).contains("STARTED " + COUNT);
  }
}
