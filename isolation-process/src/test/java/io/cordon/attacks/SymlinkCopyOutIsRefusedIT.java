package io.cordon.attacks;

import static org.assertj.core.api.Assertions.assertThat;

import io.cordon.harness.OutcomeAssert;
import io.cordon.harness.Ran;
import io.cordon.harness.TenantPolicy;
import io.cordon.sandbox.Exit;
import io.cordon.sandbox.Outcome;
import io.cordon.sandbox.Tenant;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Attack 3 (CVE-2024-28185): an output is a link to a file of the host. */
@AttackTest
@TenantPolicy
class SymlinkCopyOutIsRefusedIT {

  private static final AttackProgram ATTACK = new AttackProgram("symlink_copyout.py");

  @ParameterizedTest
  @ValueSource(strings = {"report.txt", "relative.txt", "inside.txt", "sibling.txt"})
  void aLinkIsNoResultWhereverItLeads(String name, Tenant acme, HostCanaries canaries) {
    Ran ran = Ran.of(acme, ATTACK.command(canaries.file().toString()).output(name));

    Outcome.Failed<Exit> failed = OutcomeAssert.assertThat(ran.outcome()).failed();
    assertThat(failed.message()).contains(name).doesNotContain(canaries.secret());
  }

  @Test
  void aRegularFileBesideThemComesBack(Tenant acme, HostCanaries canaries) {
    Exit exit = acme.run(ATTACK.command(canaries.file().toString()).output("honest.txt"));

    assertThat(exit.outputs()).containsOnlyKeys("honest.txt");
    assertThat(exit.outputs().get("honest.txt")).asString().isEqualTo("a regular file");
  }

  @Test
  void theControlDeceivesACollectorThatFollowsLinks(HostCanaries canaries, @TempDir Path directory)
      throws Exception {
    assertThat(ATTACK.plainly(directory, canaries.file().toString()).status()).isZero();

    assertThat(directory.resolve("report.txt")).hasContent(canaries.secret());
    assertThat(directory.resolve("relative.txt")).hasContent(canaries.secret());
  }
}
