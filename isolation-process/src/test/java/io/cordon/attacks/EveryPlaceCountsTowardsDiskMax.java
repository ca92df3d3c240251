package io.cordon.attacks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.cordon.harness.OutcomeAssert;
import io.cordon.harness.Ran;
import io.cordon.harness.StrategyUnderTest;
import io.cordon.harness.TenantPolicy;
import io.cordon.harness.Tools;
import io.cordon.policy.Limit;
import io.cordon.sandbox.Tenant;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Attack 47: fill what is kept in memory: file systems, and files that have no name. */
@TenantPolicy(
    name = "hoarder",
    value =
        """
        tenant: hoarder
        sandbox: { memory.max: 64Mi, disk.max: { bytes: 256Mi, inodes: 100 } }
        """)
interface EveryPlaceCountsTowardsDiskMax {

  AttackProgram ATTACK = new AttackProgram("tmpfs_bomb.py");
  long DISK = 8L << 20;
  long MUCH = 16L << 20;
  Pattern TOTAL = Pattern.compile("(?m)^TOTAL (\\d+)$");
  List<String> PLACES =
      List.of("/dev/shm", "/run", "/run/lock", "/dev", "/", "/tmp", "/var/tmp", ".");

  private static String[] with(String size, List<String> places) {
    List<String> all = new ArrayList<>(places);
    all.addFirst(size);
    return all.toArray(String[]::new);
  }

  private static long total(String output) {
    return TOTAL
        .matcher(output)
        .results()
        .map((MatchResult found) -> Long.parseLong(found.group(1)))
        .findFirst()
        .orElseThrow(() -> new AssertionError("no total: " + output));
  }

  @Test
  default void whereverItGoesItIsNoMoreThanDiskMax(Tenant acme, Tools tools) {
    Ran ran = Ran.of(acme, ATTACK.command(tools, with("" + MUCH, PLACES)));

    OutcomeAssert.assertThat(ran.outcome()).exceeded(Limit.DISK);
    assertThat(total(ran.stdout())).isBetween(DISK / 2, DISK);
    assertThat(ran.stdout())
        .contains("CLOSED /dev ", "CLOSED / ", "CLOSED /run ", "CLOSED memfd ENOSYS");
  }

  @Test
  default void aFileSystemInMemoryCountsTowardsMemoryMaxToo(
      Tenant hoarder, Tools tools, StrategyUnderTest strategy) {
    Ran ran = Ran.of(hoarder, ATTACK.command(tools, "" + 160 * (1 << 20), "."));

    if (strategy.hasAKernelOfItsOwn()) { // which writes it to a disk
      OutcomeAssert.assertThat(ran.outcome()).succeeded();
      // What must not fail goes a few pages beyond memory.max (cgroup-v2.rst).
      assertThat(ran.outcome().report().usage().memoryPeak().orElseThrow()).isLessThan(65L << 20);
    } else {
      assumeThat(ran.outcome().report().isolation().tier())
          .as("who charges file systems in memory: without control groups nobody but disk.max does")
          .startsWith("cgroup");
      OutcomeAssert.assertThat(ran.outcome()).exceeded(Limit.MEMORY, ran.counting());
    }
  }

  @Test
  default void theControlFillsTheHostsMemory(@TempDir Path directory) throws Exception {
    assertThat(ATTACK.plainly(directory, with("" + MUCH, List.of("/dev/shm", "."))).output())
        .contains("WROTE /dev/shm " + MUCH, "WROTE memfd " + MUCH, "TOTAL " + 3 * MUCH);
  }
}
