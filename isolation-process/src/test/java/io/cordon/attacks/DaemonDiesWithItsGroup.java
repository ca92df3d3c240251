package io.cordon.attacks;

import static org.assertj.core.api.Assertions.assertThat;

import io.cordon.harness.MarkedProcesses;
import io.cordon.harness.OutcomeAssert;
import io.cordon.harness.Ran;
import io.cordon.harness.Tools;
import io.cordon.sandbox.Tenant;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Attack 59: fork twice, open a session, and outlive the program that was run. */
interface DaemonDiesWithItsGroup {

  AttackProgram ATTACK = new AttackProgram("daemonise.py");

  @Test
  default void theDaemonIsDeadWhenTheOutcomeIsThere(Tenant acme, Tools tools) {
    MarkedProcesses daemon = MarkedProcesses.create();

    Ran ran = Ran.of(acme, ATTACK.command(tools, daemon.marker()));

    OutcomeAssert.assertThat(ran.outcome()).succeeded();
    assertThat(ran.stdout()).as("the daemon was there").startsWith("DAEMON ");
    assertThat(daemon.alive()).isEmpty();
  }

  @Test
  default void theControlLeavesADaemonBehind(@TempDir Path directory) throws Exception {
    MarkedProcesses daemon = MarkedProcesses.create();

    assertThat(ATTACK.plainly(directory, daemon.marker()).output()).startsWith("DAEMON ");

    assertThat(daemon.alive()).hasSize(1);
    daemon.kill();
  }
}
