package io.cordon.vm;

import static io.cordon.harness.OutcomeAssert.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import io.cordon.conformance.LimitsConformance;
import io.cordon.harness.OnStrategy;
import io.cordon.harness.Ran;
import io.cordon.harness.TenantPolicy;
import io.cordon.harness.Tools;
import io.cordon.sandbox.Tenant;
import io.cordon.vm.harness.VmUnderTest;
import org.junit.jupiter.api.Test;

@OnStrategy(VmUnderTest.class)
@TenantPolicy(
    name = "eased",
    value =
        """
        tenant: eased
        sandbox: { memory.high: 24Mi }
        """)
class VmLimitsConformanceIT extends LimitsConformance {

  /** A guest has a disk, so what it keeps of a file in memory can be given up. */
  @Test
  void aGuestKeepsNoMoreOfItsFilesInMemoryThanMemoryHigh(Tenant eased, Tenant plain, Tools tools) {
    long easedPeak = peakOfWritingAFile(eased, tools);
    long peak = peakOfWritingAFile(plain, tools);

    assertThat(peak).isGreaterThan(40L << 20);
    assertThat(easedPeak).isLessThan(32L << 20);
  }

  private static long peakOfWritingAFile(Tenant tenant, Tools tools) {
    Ran ran = Ran.of(tenant, tools.sh("head -c 40M /dev/zero > large; cat large > /dev/null"));
    assertThat(ran.outcome()).succeeded();
    return ran.outcome().report().usage().memoryPeak().orElseThrow();
  }
}
