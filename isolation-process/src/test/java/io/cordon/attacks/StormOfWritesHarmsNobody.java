package io.cordon.attacks;

import static org.assertj.core.api.Assertions.assertThat;

import io.cordon.harness.HeldLimits;
import io.cordon.harness.OutcomeAssert;
import io.cordon.harness.Ran;
import io.cordon.harness.StrategyUnderTest;
import io.cordon.harness.Tools;
import io.cordon.policy.Limit;
import io.cordon.sandbox.Exit;
import io.cordon.sandbox.Sandboxes;
import io.cordon.sandbox.TaskHandle;
import io.cordon.sandbox.Tenant;
import io.cordon.sandbox.Usage;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Attack 64: wait for the disk after each write, and for all disks of the host. */
interface StormOfWritesHarmsNobody {

  AttackProgram ATTACK = new AttackProgram("io_storm.py");

  /** The policy's io.max. */
  long WRITTEN_PER_SECOND = 1 << 20;

  @Test
  default void nobodyWaitsForTheDisksOfTheHost(Tenant acme, Tools tools) {
    Ran ran = Ran.of(acme, ATTACK.command(tools, "50", "everything"));

    OutcomeAssert.assertThat(ran.outcome()).succeeded();
    assertThat(ran.stdout()).contains("SYNCED 50", "sync EPERM", "syncfs EPERM");
  }

  @Test
  default void theVictimIsServedMeanwhileAndIoMaxHolds(
      Tenant stormy, Tenant victim, Tools tools, Sandboxes sandboxes, StrategyUnderTest strategy) {
    TaskHandle<Exit> storm = stormy.submit(ATTACK.command(tools, "100000000"));
    do {
      OutcomeAssert.assertThat(
              victim.submit(tools.sh("head -c 1M /dev/zero > own; cat own")).outcome())
          .succeeded();
    } while (!storm.result().isDone());

    OutcomeAssert.assertThat(storm.outcome()).exceeded(Limit.WALL);
    if (HeldLimits.of(sandboxes, strategy).holds("cgroup-io-max")) {
      Usage usage = storm.outcome().report().usage();
      long written = usage.now().writtenBytes().orElseThrow();
      // What is written to a sandbox's own files stays in memory. A machine's disk is a file of the
      // host, which writes it when it sees fit.
      long allowed =
          strategy.hasAKernelOfItsOwn() ? (usage.wall().toSeconds() + 2) * WRITTEN_PER_SECOND : 0;
      assertThat(written).as("written to the host's disks").isLessThanOrEqualTo(allowed);
    }
  }

  @Test
  default void theControlWaitsForTheHostsDisk(@TempDir Path directory) throws Exception {
    assertThat(ATTACK.plainly(directory, "50").output()).contains("SYNCED 50");
  }
}
