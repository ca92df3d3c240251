package io.cordon.attacks;

import static org.assertj.core.api.Assertions.assertThat;

import io.cordon.harness.OutcomeAssert;
import io.cordon.harness.Ran;
import io.cordon.harness.TenantPolicy;
import io.cordon.sandbox.Tenant;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Attack 2: climb out of the root by {@code ../}, and from every open descriptor. */
@AttackTest
@TenantPolicy
class DotDotChainStaysInsideIT {

  private static final AttackProgram ATTACK = new AttackProgram("dotdot_chain.py");

  @Test
  void noChainOfDotsLeavesTheRoot(Tenant acme, HostCanaries canaries) {
    Ran ran = Ran.of(acme, ATTACK.command(canaries.file().toString()));

    OutcomeAssert.assertThat(ran.outcome()).succeeded();
    assertThat(ran.stdout())
        .contains("DENIED from the working directory", "DENIED from the root")
        .doesNotContain("READ");
  }

  @Test
  void theControlReachesTheHostsRoot(HostCanaries canaries, @TempDir Path directory)
      throws Exception {
    assertThat(ATTACK.plainly(directory, canaries.file().toString()).output())
        .contains("READ from the working directory", canaries.secret());
  }
}
