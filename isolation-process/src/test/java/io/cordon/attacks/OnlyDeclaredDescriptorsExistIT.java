package io.cordon.attacks;

import static org.assertj.core.api.Assertions.assertThat;

import io.cordon.harness.OutcomeAssert;
import io.cordon.harness.PlainProcess;
import io.cordon.harness.Ran;
import io.cordon.harness.TenantPolicy;
import io.cordon.sandbox.Tenant;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Attack 17 (CVE-2024-21626): enter or read a descriptor that the launcher forgot to close. */
@AttackTest
@TenantPolicy
class OnlyDeclaredDescriptorsExistIT {

  private static final AttackProgram ATTACK = new AttackProgram("fd_cwd_leak.py");

  @Test
  void aCommandHasItsThreeStreamsAndNoMore(Tenant acme, HostCanaries canaries) throws IOException {
    // The host has files open that are worth reading, as every application does.
    try (InputStream open = new FileInputStream(canaries.file().toFile())) {
      assertThat(open.markSupported()).isFalse();

      Ran ran = Ran.of(acme, ATTACK.command());

      OutcomeAssert.assertThat(ran.outcome()).succeeded();
      assertThat(ran.stdout().strip()).isEqualTo("OPEN [0, 1, 2]");
    }
  }

  @Test
  void theControlEntersWhatItsLauncherLeftOpen(HostCanaries canaries, @TempDir Path directory)
      throws Exception {
    List<String> forgetful =
        new ArrayList<>(List.of("/bin/sh", "-c", "exec 8<canary 9<.; cd \"$0\"; exec \"$@\""));
    forgetful.add(directory.toString());
    forgetful.addAll(ATTACK.plainCommandLine(directory));

    String output = PlainProcess.run(canaries.directory(), forgetful, Map.of()).output();

    assertThat(output).contains("READ 8", canaries.secret(), "ENTERED 9 ['canary']");
  }
}
