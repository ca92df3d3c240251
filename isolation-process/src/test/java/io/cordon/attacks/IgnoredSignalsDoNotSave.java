package io.cordon.attacks;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.cordon.harness.MarkedProcesses;
import io.cordon.harness.OutcomeAssert;
import io.cordon.harness.Ran;
import io.cordon.harness.StrategyUnderTest;
import io.cordon.harness.TenantPolicy;
import io.cordon.harness.Tools;
import io.cordon.policy.Limit;
import io.cordon.sandbox.Evidence;
import io.cordon.sandbox.Exit;
import io.cordon.sandbox.TaskHandle;
import io.cordon.sandbox.Tenant;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Attack 58: ignore and block every signal that can be, the death signal too. */
@TenantPolicy(
    name = "busy",
    value =
        """
        tenant: busy
        task: { wall.max: 4s }
        """)
@TenantPolicy(
    name = "emulated",
    value =
        """
        tenant: emulated
        task: { wall.max: 9s }
        """)
interface IgnoredSignalsDoNotSave {

  AttackProgram ATTACK = new AttackProgram("signal_ignore.py");

  @Test
  default void theClockKillsIt(
      Tenant busy, Tenant emulated, Tools tools, StrategyUnderTest strategy) {
    MarkedProcesses stubborn = MarkedProcesses.create();
    // It has to be ready by then, on a processor that may be emulated.
    Tenant tenant = strategy.hasAKernelOfItsOwn() ? emulated : busy;

    Ran ran = Ran.of(tenant, ATTACK.command(tools, stubborn.marker()));

    OutcomeAssert.assertThat(ran.outcome()).exceeded(Limit.WALL, Evidence.HOST);
    assertThat(ran.stdout()).as("it was ready before it was killed").contains("READY");
    assertThat(stubborn.alive()).isEmpty();
  }

  @Test
  default void cancellingKillsIt(Tenant acme, Tools tools) throws Exception {
    MarkedProcesses stubborn = MarkedProcesses.create();
    TaskHandle<Exit> task = acme.submit(ATTACK.command(tools, stubborn.marker()));
    try (BufferedReader lines = new BufferedReader(new InputStreamReader(task.stdout(), UTF_8))) {
      assertThat(lines.readLine()).startsWith("READY");

      task.cancel();

      OutcomeAssert.assertThat(task.outcome()).cancelled();
      assertThat(stubborn.alive()).isEmpty();
    }
  }

  @Test
  default void theControlSurvivesItsTermination(@TempDir Path directory) throws Exception {
    Process stubborn =
        new ProcessBuilder(ATTACK.plainCommandLine(directory))
            .directory(directory.toFile())
            .start();
    try (BufferedReader lines = stubborn.inputReader()) {
      assertThat(lines.readLine()).isEqualTo("READY True");

      stubborn.destroy();

      assertThat(stubborn.waitFor(500, TimeUnit.MILLISECONDS)).isFalse();
    } finally {
      stubborn.destroyForcibly().waitFor();
    }
  }
}
