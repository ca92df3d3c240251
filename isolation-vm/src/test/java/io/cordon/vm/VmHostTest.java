package io.cordon.vm;

import static org.assertj.core.api.Assertions.assertThat;

import io.cordon.engine.selection.Decision;
import io.cordon.engine.selection.StrategySelector;
import io.cordon.policy.Emulation;
import io.cordon.policy.IsolationPolicy;
import io.cordon.policy.Policy;
import io.cordon.policy.Protection;
import io.cordon.policy.SandboxLimits;
import io.cordon.policy.ScriptLimits;
import io.cordon.policy.StrategyChoice;
import io.cordon.policy.TaskLimits;
import io.cordon.policy.TenantLimits;
import io.cordon.policy.WorkloadKind;
import io.cordon.sandbox.ErrorCode;
import io.cordon.sandbox.HostReport.StrategyReport;
import io.cordon.sandbox.Layer;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** A machine's process is confined as any other program is: what that lacks, a machine lacks. */
class VmHostTest {
  private static final Layer VMM = layer("vmm", Layer.State.IN_FORCE, "QEMU 10.0");
  private static final Layer NO_VMM = layer("vmm", Layer.State.MISSING, "no QEMU");
  private static final Layer KERNEL = layer("guest-kernel", Layer.State.IN_FORCE, "Linux 6.12");
  private static final Layer NO_KVM =
      layer(Layer.HARDWARE_VIRTUALIZATION, Layer.State.MISSING, "no /dev/kvm");
  private static final Layer SWAP =
      layer("cgroup-memory-swap", Protection.CGROUP, Layer.State.IN_FORCE, "no swap");

  private static final StrategyReport WHOLE =
      confinement(
          true,
          "cgroup-v2",
          layer("user-namespace", Protection.NAMESPACES, Layer.State.IN_FORCE, "mapped"),
          layer("cgroup-memory", Protection.CGROUP, Layer.State.IN_FORCE, "memory.max"),
          SWAP);

  @Test
  void onAWholeHostAllThatIsRequiredIsThere() {
    StrategyReport report = VmHost.report(List.of(VMM, KERNEL), WHOLE, NO_KVM);
    assertThat(report.usable()).isTrue();
    assertThat(report.tier()).isEqualTo("cgroup-v2");
    assertThat(select(report, Protection.NAMESPACES, Protection.CGROUP))
        .isInstanceOf(Decision.Chosen.class);
  }

  /** Attack 100: no-userns. */
  @Test
  void withoutUserNamespacesThereAreNoMachinesEither() {
    StrategyReport unconfined =
        confinement(
            false,
            "cgroup-v2",
            layer("user-namespace", Protection.NAMESPACES, Layer.State.MISSING, "unshare: ENOSPC"),
            layer("cgroup-memory", Protection.CGROUP, Layer.State.IN_FORCE, "memory.max"),
            SWAP);
    StrategyReport report = VmHost.report(List.of(VMM, KERNEL), unconfined, NO_KVM);
    assertThat(report.usable()).isFalse();
    assertRefused(
        select(report), ErrorCode.STRATEGY_UNUSABLE, "lacks vmm-user-namespace (unshare: ENOSPC)");
    assertRefused(
        select(report, Protection.NAMESPACES),
        ErrorCode.STRATEGY_UNUSABLE,
        "lacks vmm-user-namespace (unshare: ENOSPC)");
  }

  /** Attack 101: no-delegation. */
  @Test
  void withoutGroupsMachinesAreWatchedIfThePolicyAcceptsThat() {
    StrategyReport watched =
        confinement(
            true,
            "rlimit",
            layer("user-namespace", Protection.NAMESPACES, Layer.State.IN_FORCE, "mapped"),
            layer("cgroup-memory", Protection.CGROUP, Layer.State.ADVISORY, "read-only groups"),
            layer("cgroup-memory-high", Protection.CGROUP, Layer.State.MISSING, "no groups"),
            SWAP);
    StrategyReport report = VmHost.report(List.of(VMM, KERNEL), watched, NO_KVM);
    assertThat(report.usable()).isTrue();
    assertThat(report.tier()).isEqualTo("rlimit");
    assertRefused(
        select(report, Protection.CGROUP),
        ErrorCode.LAYER_MISSING,
        "only watches cgroup-memory (read-only groups)");
    assertThat(select(report))
        .isInstanceOfSatisfying(
            Decision.Chosen.class,
            chosen ->
                assertThat(chosen.isolation().reasons())
                    .anyMatch(reason -> reason.contains("advisory only, the policy accepts that")));
  }

  @Test
  void withoutQemuThereAreNoMachinesWhateverConfinesThem() {
    StrategyReport report = VmHost.report(List.of(NO_VMM, KERNEL), WHOLE, NO_KVM);
    assertThat(report.usable()).isFalse();
    assertRefused(select(report), ErrorCode.STRATEGY_UNUSABLE, "lacks vmm (no QEMU)");
  }

  private static void assertRefused(Decision decision, ErrorCode code, String reason) {
    assertThat(decision)
        .isInstanceOfSatisfying(
            Decision.Refused.class,
            refused -> {
              assertThat(refused.code()).isEqualTo(code);
              assertThat(refused.reason()).contains(reason);
            });
  }

  private static Decision select(StrategyReport report, Protection... required) {
    Policy policy =
        new Policy(
            "acme",
            new IsolationPolicy(StrategyChoice.VM, Set.of(required), List.of(), Emulation.ALLOW),
            TenantLimits.NONE,
            new SandboxLimits(1000, 64 << 20, 16, new SandboxLimits.Disk(1 << 20, 100)),
            new TaskLimits(
                Duration.ofSeconds(5),
                Optional.empty(),
                1 << 20,
                Duration.ofSeconds(5),
                TaskLimits.DenyAction.CONTINUE),
            ScriptLimits.NONE,
            Set.of());
    return StrategySelector.select(WorkloadKind.COMMAND, policy, choice -> Optional.of(report));
  }

  private static StrategyReport confinement(boolean usable, String tier, Layer... layers) {
    return new StrategyReport("process", usable, tier, List.of(layers));
  }

  private static Layer layer(String name, Layer.State state, String detail) {
    return new Layer(name, Optional.empty(), state, detail, "");
  }

  private static Layer layer(String name, Protection protection, Layer.State state, String detail) {
    return new Layer(name, Optional.of(protection), state, detail, "");
  }
}
