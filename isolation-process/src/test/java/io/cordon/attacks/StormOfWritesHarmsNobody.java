package io.cordon.attacks;

import static org.assertj.core.api.Assertions.assertThat;

import io.cordon.harness.OutcomeAssert;
import io.cordon.harness.Ran;
import io.cordon.harness.StrategyUnderTest;
import io.cordon.harness.Tools;
import io.cordon.policy.Limit;
import io.cordon.sandbox.Exit;
import io.cordon.sandbox.TaskHandle;
import io.cordon.sandbox.Tenant;
import io.cordon.sandbox.Usage;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Attack 64: wait for the disk after each write, and for all disks of the host. */
interface StormOfWritesHarmsNobody {

  AttackProgram ATTACK = new AttackProgram("io_storm.py");

  @Test
  default void nobodyWaitsForTheDisksOfTheHost(Tenant acme, Tools tools) {
    Ran ran = Ran.of(acme, ATTACK.command(tools, "50", "everything"));

    OutcomeAssert.assertThat(ran.outcome()).succeeded();
    assertThat(ran.stdout()).contains("SYNCED 50", "sync EPERM", "syncfs EPERM");
  }

  @Test
  default void theVictimIsServedMeanwhile(
      Tenant hasty, Tenant victim, Tools tools, StrategyUnderTest strategy) {
    TaskHandle<Exit> storm = hasty.submit(ATTACK.command(tools, "100000000"));
    Usage.Live last = Usage.Live.UNKNOWN;
    do {
      OutcomeAssert.assertThat(
              victim.submit(tools.sh("head -c 1M /dev/zero > own; cat own")).outcome())
          .succeeded();
      last = storm.usage().now();
    } while (!storm.result().isDone());

    OutcomeAssert.assertThat(storm.outcome()).exceeded(Limit.WALL);
    if (!strategy.hasAKernelOfItsOwn()) {
      assertThat(last.writtenBytes().orElse(0)).as("written to the host's disks").isZero();
    }
  }

  @Test
  default void theControlWaitsForTheHostsDisk(@TempDir Path directory) throws Exception {
    assertThat(ATTACK.plainly(directory, "50").output()).contains("SYNCED 50");
  }
}
