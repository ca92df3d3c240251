package io.cordon.attacks;

import static org.assertj.core.api.Assertions.assertThat;

import io.cordon.harness.OutcomeAssert;
import io.cordon.harness.Ran;
import io.cordon.harness.TenantPolicy;
import io.cordon.sandbox.Tenant;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Attack 69: TCP, UDP, ICMP and raw packets to the host. */
@AttackTest
@TenantPolicy
class NoPacketLeavesIT {

  private static final AttackProgram ATTACK = new AttackProgram("direct_out.py");

  @Test
  void aCommandReachesNoPortOfTheHost(Tenant acme, HostCanaries canaries) {
    Ran ran = Ran.of(acme, ATTACK.command("" + canaries.port()));

    OutcomeAssert.assertThat(ran.outcome()).succeeded();
    // A datagram may be sent within the sandbox: that the host got none is for the canary to say.
    assertThat(ran.stdout())
        .contains("DENIED tcp ", "DENIED tcp6 ", "DENIED raw ", "DENIED packet ")
        .doesNotContain("SENT tcp");
  }

  @Test
  void theControlReachesThem(HostCanaries canaries, @TempDir Path directory) throws Exception {
    String output = ATTACK.plainly(directory, "" + canaries.port()).output();

    assertThat(output).contains("SENT tcp", "SENT udp");
    assertThat(canaries.connectedTo()).isTrue();
    assertThat(canaries.sentTo()).isTrue();
  }
}
