package io.cordon.attacks;

import static org.assertj.core.api.Assertions.assertThat;

import io.cordon.harness.HeldLimits;
import io.cordon.harness.OutcomeAssert;
import io.cordon.harness.Ran;
import io.cordon.harness.StrategyUnderTest;
import io.cordon.harness.Tools;
import io.cordon.sandbox.Command;
import io.cordon.sandbox.Exit;
import io.cordon.sandbox.Outcome;
import io.cordon.sandbox.Sandboxes;
import io.cordon.sandbox.TaskHandle;
import io.cordon.sandbox.Tenant;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Attack 48: write faster than any disk, so that memory fills with what is still to be written. */
interface DirtyPagesAreCharged {

  AttackProgram ATTACK = new AttackProgram("dirty_pages.py");

  /** More than Python has of itself, and less than the limit. */
  long SIZE = 24 << 20;

  int ROUNDS = 4;
  String DIRTIED = "DIRTIED " + ROUNDS * SIZE;

  @Test
  default void theyFitIntoTheTenantsOwnMemory(
      Tenant dirty, Tenant victim, Tools tools, Sandboxes sandboxes, StrategyUnderTest strategy)
      throws IOException {
    // Who only looks at processes sees no pages of files.
    boolean charged = HeldLimits.of(sandboxes, strategy).holds("cgroup-memory");
    // It keeps its file until its input ends: not every kernel remembers a peak.
    TaskHandle<Exit> flood =
        dirty.submit(
            ATTACK
                .command(tools, "" + SIZE, "" + ROUNDS, "stay")
                .stdin(new Command.Input.Stream()));
    do {
      Ran beside = Ran.of(victim, tools.sh("head -c 4M /dev/zero > own; cat own > /dev/null"));
      OutcomeAssert.assertThat(beside.outcome()).succeeded();
      assertThat(beside.outcome().report().trips()).isEmpty();
    } while (charged && flood.usage().memoryPeak().orElse(0) < SIZE && !flood.result().isDone());
    flood.stdin().close();

    Outcome<Exit> outcome = flood.outcome();
    assertThat(OutcomeAssert.assertThat(outcome).succeeded().stdoutText()).contains(DIRTIED);
    assertThat(outcome.report().trips()).isEmpty();
    assertThat(outcome.report().usage().memoryPeak().orElseThrow())
        .isBetween(charged ? SIZE : 1, 64L << 20);
  }

  @Test
  default void theControlDirtiesTheHosts(@TempDir Path directory) throws Exception {
    assertThat(ATTACK.plainly(directory, "" + SIZE, "" + ROUNDS).output()).contains(DIRTIED);
  }
}
