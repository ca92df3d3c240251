package io.cordon.attacks;

import static org.assertj.core.api.Assertions.assertThat;

import io.cordon.harness.Eventually;
import io.cordon.harness.MarkedProcesses;
import io.cordon.harness.OutcomeAssert;
import io.cordon.harness.Ran;
import io.cordon.harness.Tools;
import io.cordon.sandbox.Exit;
import io.cordon.sandbox.Tenant;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Attack 60: a child acts once its parent has exited with 0. */
interface NothingActsAfterTheEnd {

  AttackProgram ATTACK = new AttackProgram("time_bomb.py");

  @Test
  default void theChildIsDeadBeforeItCanAct(Tenant acme, Tools tools) {
    MarkedProcesses bomb = MarkedProcesses.create();

    Ran ran = Ran.of(acme, ATTACK.command(tools, bomb.marker()).output("late.txt"));

    Exit exit = OutcomeAssert.assertThat(ran.outcome()).succeeded();
    assertThat(bomb.alive()).isEmpty();
    assertThat(ran.stdout()).contains("DONE").doesNotContain("ACTED");
    assertThat(exit.outputs()).isEmpty();
  }

  @Test
  default void theControlsChildActs(@TempDir Path directory) throws Exception {
    assertThat(ATTACK.plainly(directory).status()).isZero();

    Eventually.within(
        Duration.ofSeconds(30), () -> Files.exists(directory.resolve("late.txt")), "late.txt");
  }
}
