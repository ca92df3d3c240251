package io.cordon.attacks;

import static org.assertj.core.api.Assertions.assertThat;

import io.cordon.harness.OnStrategy;
import io.cordon.harness.OutcomeAssert;
import io.cordon.harness.ProcessUnderTest;
import io.cordon.harness.Ran;
import io.cordon.harness.TenantPolicy;
import io.cordon.harness.Tools;
import io.cordon.sandbox.Tenant;
import java.io.IOException;
import org.junit.jupiter.api.Test;

@OnStrategy(ProcessUnderTest.class)
@TenantPolicy(
    name = "swapping",
    value =
        """
        tenant: swapping
        sandbox: { memory.max: 64Mi, memory.swap.max: 192Mi }
        """)
class ProcessBombAttacksIT extends BombAttacks {

  /** The other control of attack 49: the same limit, and a policy that allows what it tries. */
  @Test
  void whoMaySwapMeetsNoLimit(Tenant swapping, Tools tools) throws IOException {
    MemoryDoesNotHideInSwap.assumeThatThereIsSwap();

    Ran ran =
        Ran.of(
            swapping,
            MemoryDoesNotHideInSwap.ATTACK.command(tools, "" + MemoryDoesNotHideInSwap.SIZE, "0"));

    OutcomeAssert.assertThat(ran.outcome()).succeeded();
    assertThat(ran.stdout()).contains("SWAPPED", "SURVIVED");
    assertThat(ran.outcome().report().trips()).isEmpty();
  }
}
