package io.cordon.attacks;

import static org.assertj.core.api.Assertions.assertThat;

import io.cordon.harness.OutcomeAssert;
import io.cordon.harness.Ran;
import io.cordon.harness.Tools;
import io.cordon.sandbox.Exit;
import io.cordon.sandbox.Outcome;
import io.cordon.sandbox.TaskHandle;
import io.cordon.sandbox.Tenant;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Attack 48: write faster than any disk, so that memory fills with what is still to be written. */
interface DirtyPagesAreCharged {

  AttackProgram ATTACK = new AttackProgram("dirty_pages.py");
  String SIZE = "" + (4 << 20);
  String ROUNDS = "24";
  String DIRTIED = "DIRTIED " + 24 * (4 << 20);

  @Test
  default void theyFitIntoTheTenantsOwnMemory(Tenant acme, Tenant victim, Tools tools) {
    TaskHandle<Exit> flood = acme.submit(ATTACK.command(tools, SIZE, ROUNDS));
    do {
      Ran beside = Ran.of(victim, tools.sh("head -c 4M /dev/zero > own; cat own > /dev/null"));
      OutcomeAssert.assertThat(beside.outcome()).succeeded();
      assertThat(beside.outcome().report().trips()).isEmpty();
    } while (!flood.result().isDone());

    Outcome<Exit> outcome = flood.outcome();
    assertThat(OutcomeAssert.assertThat(outcome).succeeded().stdoutText()).contains(DIRTIED);
    assertThat(outcome.report().trips()).isEmpty();
    assertThat(outcome.report().usage().memoryPeak().orElseThrow()).isLessThanOrEqualTo(64L << 20);
  }

  @Test
  default void theControlDirtiesTheHosts(@TempDir Path directory) throws Exception {
    assertThat(ATTACK.plainly(directory, SIZE, ROUNDS).output()).contains(DIRTIED);
  }
}
