package io.cordon.attacks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.cordon.harness.OutcomeAssert;
import io.cordon.harness.Ran;
import io.cordon.harness.StrategyUnderTest;
import io.cordon.harness.Tools;
import io.cordon.policy.Limit;
import io.cordon.sandbox.Tenant;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Attack 49: swap out what one has, to make room for more. */
interface MemoryDoesNotHideInSwap {

  AttackProgram ATTACK = new AttackProgram("swap_dodge.py");
  long SIZE = 128L << 20;

  @Test
  default void whatIsToBeSwappedOutCountsTowardsMemoryMax(
      Tenant acme, Tools tools, StrategyUnderTest strategy) {
    Ran ran = Ran.of(acme, ATTACK.command(tools, "" + SIZE, "5"));

    OutcomeAssert.assertThat(ran.outcome()).exceeded(Limit.MEMORY, ran.counting(strategy));
    assertThat(ran.stdout()).doesNotContain("SWAPPED", "SURVIVED");
  }

  @Test
  default void theControlHoldsItAll(@TempDir Path directory) throws Exception {
    assertThat(ATTACK.plainly(directory, "" + SIZE, "0").output())
        .contains("HELD " + SIZE, "SURVIVED");
  }

  @Test
  default void theControlIsSwappedOut(@TempDir Path directory) throws Exception {
    assumeThatThereIsSwap();

    assertThat(ATTACK.plainly(directory, "" + SIZE, "0").output()).contains("SWAPPED");
  }

  /** As there is in a guest of the kernel matrix. */
  static void assumeThatThereIsSwap() throws IOException {
    assumeThat(Files.readAllLines(Path.of("/proc/swaps")))
        .as("what this host swaps to: without any, no program swaps anything out")
        .hasSizeGreaterThan(1);
  }
}
