package io.cordon.policy;

import static org.assertj.core.api.Assertions.assertThat;

import io.cordon.policy.IsolationPolicy.StrategyOverride;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StrongerIsolationTest {

  @ParameterizedTest
  @CsvSource({
    "AUTO,    AUTO,    AUTO",
    "AUTO,    PROCESS, PROCESS",
    "AUTO,    VM,      VM",
    "PROCESS, AUTO,    PROCESS",
    "PROCESS, VM,      VM",
    "VM,      AUTO,    VM",
    "VM,      PROCESS, VM",
  })
  void whatAnApplicationAsksForOnlyEverRaisesThePolicysStrategy(
      StrategyChoice policy, StrategyChoice asked, StrategyChoice expected) {
    IsolationPolicy plain = new IsolationPolicy(policy, Set.of(), List.of());
    assertThat(plain.atLeast(asked).strategy()).isEqualTo(expected);

    IsolationPolicy overridden =
        new IsolationPolicy(
            StrategyChoice.AUTO,
            Set.of(Protection.SECCOMP),
            List.of(new StrategyOverride(WorkloadKind.COMMAND, policy)));
    IsolationPolicy raised = overridden.atLeast(asked);
    assertThat(raised.strategyFor(WorkloadKind.COMMAND)).isEqualTo(expected);
    assertThat(raised.strategyFor(WorkloadKind.SCRIPT)).isEqualTo(asked);
    assertThat(raised.require()).containsExactly(Protection.SECCOMP);
  }
}
