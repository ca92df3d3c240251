package io.cordon.engine.selection;

import static org.assertj.core.api.Assertions.assertThat;

import io.cordon.engine.TestPolicy;
import io.cordon.policy.Emulation;
import io.cordon.policy.IsolationPolicy;
import io.cordon.policy.IsolationPolicy.StrategyOverride;
import io.cordon.policy.Policy;
import io.cordon.policy.Protection;
import io.cordon.policy.SandboxLimits;
import io.cordon.policy.StrategyChoice;
import io.cordon.policy.WorkloadKind;
import io.cordon.sandbox.ErrorCode;
import io.cordon.sandbox.HostReport.StrategyReport;
import io.cordon.sandbox.Isolation;
import io.cordon.sandbox.Layer;
import io.cordon.worker.wire.Trait;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class StrategySelectorTest {
  private static final Layer NAMESPACES =
      layer("user-namespace", Protection.NAMESPACES, Layer.State.IN_FORCE);
  private static final Layer NO_NAMESPACES =
      layer("user-namespace", Protection.NAMESPACES, Layer.State.MISSING);
  private static final Layer SECCOMP = layer("seccomp", Protection.SECCOMP, Layer.State.IN_FORCE);
  private static final Layer MEMORY =
      layer("cgroup-memory", Protection.CGROUP, Layer.State.IN_FORCE);
  private static final Layer PIDS = layer("cgroup-pids", Protection.CGROUP, Layer.State.IN_FORCE);
  private static final Layer WATCHED_PIDS =
      layer("cgroup-pids", Protection.CGROUP, Layer.State.ADVISORY);
  private static final Layer NICE =
      new Layer("time-namespace", Optional.empty(), Layer.State.MISSING, "EINVAL", "");

  private static final StrategyReport PROCESS =
      report("process", true, NAMESPACES, SECCOMP, MEMORY, PIDS);
  private static final StrategyReport WEAK_PROCESS =
      report("process", true, NO_NAMESPACES, SECCOMP, MEMORY, WATCHED_PIDS, NICE);
  private static final StrategyReport BROKEN_PROCESS = report("process", false, NO_NAMESPACES);
  private static final StrategyReport VM = report("vm", true, NAMESPACES, SECCOMP, MEMORY, PIDS);
  private static final StrategyReport BROKEN_VM = report("vm", false);
  private static final StrategyReport STRANGE = report("strange", true, NAMESPACES, SECCOMP);

  static Stream<Arguments> chosen() {
    return Stream.of(
        Arguments.of(StrategyChoice.AUTO, Set.of(), List.of(PROCESS), "process"),
        Arguments.of(StrategyChoice.AUTO, Set.of(), List.of(VM, PROCESS), "process"),
        Arguments.of(StrategyChoice.AUTO, Set.of(), List.of(VM), "vm"),
        Arguments.of(StrategyChoice.AUTO, Set.of(), List.of(BROKEN_PROCESS, VM), "vm"),
        Arguments.of(
            StrategyChoice.AUTO, Set.of(Protection.NAMESPACES), List.of(WEAK_PROCESS, VM), "vm"),
        Arguments.of(
            StrategyChoice.AUTO, Set.of(Protection.SECCOMP), List.of(WEAK_PROCESS, VM), "process"),
        Arguments.of(
            StrategyChoice.AUTO, Set.of(Protection.CGROUP), List.of(WEAK_PROCESS, VM), "vm"),
        Arguments.of(StrategyChoice.VM, Set.of(), List.of(PROCESS, VM), "vm"),
        Arguments.of(StrategyChoice.PROCESS, Set.of(), List.of(VM, PROCESS), "process"),
        Arguments.of(
            StrategyChoice.PROCESS,
            Set.of(Protection.NAMESPACES, Protection.SECCOMP, Protection.CGROUP),
            List.of(PROCESS),
            "process"));
  }

  @ParameterizedTest
  @MethodSource
  void chosen(
      StrategyChoice choice,
      Set<Protection> required,
      List<StrategyReport> registered,
      String strategy) {
    assertThat(select(WorkloadKind.COMMAND, policy(choice, required), registered))
        .isInstanceOfSatisfying(
            Decision.Chosen.class,
            decision -> {
              assertThat(decision.isolation().strategy()).isEqualTo(strategy);
              assertThat(decision.isolation().reasons()).isNotEmpty();
            });
  }

  static Stream<Arguments> refused() {
    return Stream.of(
        Arguments.of(
            StrategyChoice.AUTO,
            Set.of(),
            List.of(),
            ErrorCode.STRATEGY_MISSING,
            "io.cordon:isolation-process"),
        // auto never takes what it does not know.
        Arguments.of(
            StrategyChoice.AUTO,
            Set.of(),
            List.of(STRANGE),
            ErrorCode.STRATEGY_MISSING,
            "io.cordon:isolation-process"),
        Arguments.of(
            StrategyChoice.VM,
            Set.of(),
            List.of(PROCESS),
            ErrorCode.STRATEGY_MISSING,
            "io.cordon:isolation-vm"),
        Arguments.of(
            StrategyChoice.PROCESS,
            Set.of(),
            List.of(VM),
            ErrorCode.STRATEGY_MISSING,
            "io.cordon:isolation-process"),
        Arguments.of(
            StrategyChoice.VM,
            Set.of(),
            List.of(PROCESS, BROKEN_VM),
            ErrorCode.STRATEGY_UNUSABLE,
            "vm"),
        Arguments.of(
            StrategyChoice.AUTO,
            Set.of(),
            List.of(BROKEN_PROCESS),
            ErrorCode.STRATEGY_UNUSABLE,
            "user-namespace (an error); what adds it: a remedy"),
        Arguments.of(
            StrategyChoice.PROCESS,
            Set.of(Protection.NAMESPACES),
            List.of(WEAK_PROCESS, VM),
            ErrorCode.LAYER_MISSING,
            "lacks user-namespace (an error); what adds it: a remedy"),
        Arguments.of(
            StrategyChoice.AUTO,
            Set.of(Protection.CGROUP),
            List.of(WEAK_PROCESS),
            ErrorCode.LAYER_MISSING,
            "only watches cgroup-pids"),
        // A protection without any layer is not there, whatever else is.
        Arguments.of(
            StrategyChoice.PROCESS,
            Set.of(Protection.LANDLOCK),
            List.of(PROCESS),
            ErrorCode.LAYER_MISSING,
            "landlock"));
  }

  @ParameterizedTest
  @MethodSource
  void refused(
      StrategyChoice choice,
      Set<Protection> required,
      List<StrategyReport> registered,
      ErrorCode code,
      String said) {
    assertThat(select(WorkloadKind.COMMAND, policy(choice, required), registered))
        .isInstanceOfSatisfying(
            Decision.Refused.class,
            decision -> {
              assertThat(decision.code()).isEqualTo(code);
              assertThat(decision.reason()).contains(said);
              assertThat(decision.isolation().strategy()).isEqualTo("none");
              assertThat(decision.isolation().reasons()).anyMatch(reason -> reason.contains(said));
            });
  }

  @Test
  void whatIsOnlyWatchedOrMissingIsPointedOut() {
    Decision decision =
        select(
            WorkloadKind.COMMAND,
            policy(StrategyChoice.AUTO, Set.of(Protection.SECCOMP)),
            List.of(WEAK_PROCESS));

    assertThat(decision.isolation().reasons())
        .contains(
            "process is the cheapest that provides what the policy requires",
            "the policy requires seccomp, and it is in force",
            "advisory only, the policy accepts that: cgroup-pids (an error); what adds it: a remedy",
            "missing, the policy accepts that: time-namespace (EINVAL)");
  }

  @Test
  void theFirstOverrideThatMatchesTheKindDecides() {
    Policy policy =
        withIsolation(
            new IsolationPolicy(
                StrategyChoice.PROCESS,
                Set.of(),
                List.of(
                    new StrategyOverride(WorkloadKind.COMMAND, StrategyChoice.VM),
                    new StrategyOverride(WorkloadKind.COMMAND, StrategyChoice.PROCESS))));

    assertThat(select(WorkloadKind.COMMAND, policy, List.of(PROCESS, VM)).isolation().strategy())
        .isEqualTo("vm");
    assertThat(select(WorkloadKind.SCRIPT, policy, List.of(PROCESS, VM)).isolation().strategy())
        .isEqualTo("process");
  }

  @Test
  void traitsRaiseWhatAutoChooses() {
    Policy auto = policy(StrategyChoice.AUTO, Set.of());
    Set<Trait> traits = Set.of(Trait.UNSAFE, Trait.NATIVE);
    Isolation raised = select(WorkloadKind.PLUGIN, traits, auto, List.of(PROCESS, VM)).isolation();
    assertThat(raised.strategy()).isEqualTo("vm");
    assertThat(raised.reasons())
        .contains("vm is the strongest here, for it uses native code (JNI), Unsafe");
    assertThat(dependsOnTraits(WorkloadKind.PLUGIN, auto, List.of(PROCESS, VM))).isTrue();
  }

  @Test
  void traitsRefuseNothingWhereThereIsNothingStronger() {
    Policy auto = policy(StrategyChoice.AUTO, Set.of());
    Isolation there =
        select(WorkloadKind.PLUGIN, Set.of(Trait.NATIVE), auto, List.of(PROCESS)).isolation();
    assertThat(there.strategy()).isEqualTo("process");
    assertThat(there.reasons()).contains("vm: not on the class path");
    assertThat(dependsOnTraits(WorkloadKind.PLUGIN, auto, List.of(PROCESS))).isFalse();
  }

  @Test
  void traitsChangeNothingThatIsNamed() {
    for (StrategyChoice named : List.of(StrategyChoice.PROCESS, StrategyChoice.VM)) {
      Policy policy = policy(named, Set.of());
      Set<Trait> traits = Set.of(Trait.NATIVE);
      assertThat(
              select(WorkloadKind.PLUGIN, traits, policy, List.of(PROCESS, VM))
                  .isolation()
                  .strategy())
          .isEqualTo(named.key());
      assertThat(dependsOnTraits(WorkloadKind.PLUGIN, policy, List.of(PROCESS, VM))).isFalse();
    }
  }

  @Test
  void anEmulatedMicroVmNeedsThePolicysPermission() {
    Layer noKvm =
        new Layer(
            Layer.HARDWARE_VIRTUALIZATION,
            Optional.empty(),
            Layer.State.MISSING,
            "no /dev/kvm",
            "");
    StrategyReport emulated = report("vm", true, noKvm, NAMESPACES, SECCOMP);
    List<StrategyReport> registered = List.of(emulated);

    IsolationPolicy refusing = new IsolationPolicy(StrategyChoice.VM, Set.of(), List.of());
    assertThat(select(WorkloadKind.PLUGIN, withIsolation(refusing), registered))
        .isInstanceOfSatisfying(
            Decision.Refused.class,
            refused -> {
              assertThat(refused.code()).isEqualTo(ErrorCode.STRATEGY_UNUSABLE);
              assertThat(refused.reason())
                  .contains("hardware-virtualization (no /dev/kvm)")
                  .contains("isolation.vm.emulation");
            });

    IsolationPolicy allowing =
        new IsolationPolicy(StrategyChoice.VM, Set.of(), List.of(), Emulation.ALLOW);
    assertThat(
            select(WorkloadKind.PLUGIN, withIsolation(allowing), registered).isolation().strategy())
        .isEqualTo("vm");
  }

  @Test
  void aLimitThatThePolicySetsAndRequiresIsRefusedByNameWhereNothingHoldsIt() {
    StrategyReport without =
        report(
            "process",
            true,
            MEMORY,
            layer("cgroup-memory-high", Protection.CGROUP, Layer.State.MISSING));
    for (StrategyReport report : List.of(without, report("process", true, MEMORY))) {
      Decision decision =
          select(WorkloadKind.COMMAND, slowedAt64Mi(Set.of(Protection.CGROUP)), List.of(report));

      assertThat(decision)
          .isInstanceOfSatisfying(
              Decision.Refused.class,
              refused -> {
                assertThat(refused.code()).isEqualTo(ErrorCode.LAYER_MISSING);
                assertThat(refused.reason()).contains("lacks cgroup-memory-high");
              });
      assertThat(
              select(WorkloadKind.COMMAND, slowedAt64Mi(Set.of()), List.of(report))
                  .isolation()
                  .reasons())
          .anyMatch(reason -> reason.startsWith("missing, the policy accepts that: cgroup-memory"));
    }
  }

  @Test
  void aLimitThatThePolicyDoesNotSetIsNoMatter() {
    StrategyReport without =
        report(
            "process",
            true,
            MEMORY,
            layer("cgroup-memory-high", Protection.CGROUP, Layer.State.MISSING));

    Decision decision =
        select(
            WorkloadKind.COMMAND,
            policy(StrategyChoice.PROCESS, Set.of(Protection.CGROUP)),
            List.of(without));

    assertThat(decision).isInstanceOf(Decision.Chosen.class);
    assertThat(decision.isolation().reasons()).noneMatch(reason -> reason.contains("memory-high"));
    assertThat(decision.isolation().layers()).isEqualTo(without.layers());
  }

  @Test
  void aStrategyThatNeedNotBeAskedIsNot() {
    Decision decision =
        StrategySelector.select(
            WorkloadKind.COMMAND,
            policy(StrategyChoice.AUTO, Set.of()),
            choice ->
                switch (choice) {
                  case PROCESS -> Optional.of(PROCESS);
                  case AUTO, VM -> throw new AssertionError(choice + " was asked");
                });

    assertThat(decision.isolation().strategy()).isEqualTo("process");
  }

  private static Decision select(
      WorkloadKind kind, Policy policy, List<StrategyReport> registered) {
    return select(kind, Set.of(), policy, registered);
  }

  private static Decision select(
      WorkloadKind kind, Set<Trait> traits, Policy policy, List<StrategyReport> registered) {
    return StrategySelector.select(kind, traits, policy, choice -> find(choice, registered));
  }

  private static boolean dependsOnTraits(
      WorkloadKind kind, Policy policy, List<StrategyReport> registered) {
    return StrategySelector.dependsOnTraits(kind, policy, choice -> find(choice, registered));
  }

  private static Optional<StrategyReport> find(
      StrategyChoice choice, List<StrategyReport> registered) {
    return registered.stream().filter(report -> report.name().equals(choice.key())).findFirst();
  }

  private static Policy slowedAt64Mi(Set<Protection> required) {
    Policy policy = policy(StrategyChoice.PROCESS, required);
    SandboxLimits limits = policy.sandbox();
    SandboxLimits.Tuning usual = SandboxLimits.Tuning.BUILT_IN;
    SandboxLimits.Tuning slowed =
        new SandboxLimits.Tuning(
            usual.cpuWeight(),
            usual.cpus(),
            usual.mems(),
            OptionalLong.of(64 << 20),
            usual.memorySwapMax(),
            usual.io(),
            usual.ioWeight(),
            usual.filesMax());
    return new Policy(
        policy.tenant(),
        policy.isolation(),
        policy.limits(),
        new SandboxLimits(
            limits.cpuMaxMillis(), limits.memoryMax(), limits.pidsMax(), limits.disk(), slowed),
        policy.task(),
        policy.script(),
        policy.environment());
  }

  private static Policy policy(StrategyChoice choice, Set<Protection> required) {
    return withIsolation(new IsolationPolicy(choice, required, List.of()));
  }

  private static Policy withIsolation(IsolationPolicy isolation) {
    Policy policy = TestPolicy.generous().of("acme");
    return new Policy(
        policy.tenant(),
        isolation,
        policy.limits(),
        policy.sandbox(),
        policy.task(),
        policy.script(),
        policy.environment());
  }

  private static StrategyReport report(String name, boolean usable, Layer... layers) {
    return new StrategyReport(name, usable, "cgroup-v2", List.of(layers));
  }

  private static Layer layer(String name, Protection protection, Layer.State state) {
    return new Layer(name, Optional.of(protection), state, "an error", "a remedy");
  }
}
