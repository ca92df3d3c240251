package io.cordon.vm;

import static io.cordon.harness.OutcomeAssert.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.cordon.harness.OnStrategy;
import io.cordon.harness.Ran;
import io.cordon.harness.SandboxTest;
import io.cordon.harness.TenantPolicy;
import io.cordon.harness.Tools;
import io.cordon.sandbox.ErrorCode;
import io.cordon.sandbox.HostReport.StrategyReport;
import io.cordon.sandbox.Layer;
import io.cordon.sandbox.Outcome;
import io.cordon.sandbox.Sandboxes;
import io.cordon.sandbox.Tenant;
import io.cordon.vm.harness.VmUnderTest;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Attack 102: no-kvm. Where no KVM runs guests, emulation does if the policy permits it, and else
 * nothing. What a KVM that works changes, is in {@link NestedKvmIT}.
 */
@SandboxTest
@OnStrategy(VmUnderTest.class)
@TenantPolicy(
    name = "strict",
    value = "{ tenant: strict, isolation: { strategy: vm, vm: { emulation: refuse } } }")
@TenantPolicy(
    name = "permitting",
    value = "{ tenant: permitting, isolation: { strategy: vm, vm: { emulation: allow } } }")
@Timeout(180)
class NoKvmIT {

  @BeforeEach
  void withoutKvm(Sandboxes sandboxes) {
    StrategyReport vm =
        sandboxes.host().strategies().stream()
            .filter(each -> each.name().equals(VmStrategy.NAME))
            .findFirst()
            .orElseThrow();
    assumeThat(vm.layers())
        .as("a host without a KVM that runs guests")
        .anyMatch(
            layer ->
                layer.name().equals(Layer.HARDWARE_VIRTUALIZATION)
                    && layer.state() == Layer.State.MISSING);
  }

  @Test
  void withoutPermissionNothingIsEmulated(Tenant strict, Tools tools) {
    Outcome.Refused<?> refused =
        assertThat(Ran.of(strict, tools.command("uname", "-r")).outcome())
            .refused(ErrorCode.STRATEGY_UNUSABLE);
    assertThat(refused.reason())
        .contains(Layer.HARDWARE_VIRTUALIZATION, "isolation.vm.emulation: allow");
  }

  @Test
  void withPermissionItIs(Tenant permitting, Tools tools) {
    Ran ran = Ran.of(permitting, tools.command("uname", "-r"));
    assertThat(ran.outcome()).succeeded();
    assertThat(ran.outcome().report().isolation().strategy()).isEqualTo(VmStrategy.NAME);
  }
}
