package io.cordon.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.cordon.policy.Limit;
import io.cordon.policy.Policy;
import io.cordon.policy.SandboxLimits;
import io.cordon.policy.TenantLimits;
import io.cordon.sandbox.EffectiveLimit;
import io.cordon.sandbox.EffectiveLimit.Level;
import io.cordon.sandbox.spi.OuterLimits;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class EffectiveLimitsTest {

  private static Policy policy(TenantLimits total) {
    TestPolicy sandbox =
        TestPolicy.generous()
            .sandbox(new SandboxLimits(500, 256, 64, new SandboxLimits.Disk(1, 1)));
    return new TestPolicy(
            sandbox.isolation(), total, sandbox.sandbox(), sandbox.task(), sandbox.environment())
        .of("acme");
  }

  private static TenantLimits total(long cpu, long memory, int pids) {
    return new TenantLimits(
        OptionalInt.empty(), OptionalLong.of(cpu), OptionalLong.of(memory), OptionalInt.of(pids));
  }

  private static OuterLimits host(long cpu, long memory, long pids) {
    return new OuterLimits(OptionalLong.of(cpu), OptionalLong.of(memory), OptionalLong.of(pids));
  }

  @Test
  void aSandboxWithRoomAroundItHasItsOwn() {
    assertThat(EffectiveLimits.of(OuterLimits.NONE, policy(TenantLimits.NONE)))
        .containsExactly(
            new EffectiveLimit(Limit.CPU, 500, Level.SANDBOX),
            new EffectiveLimit(Limit.MEMORY, 256, Level.SANDBOX),
            new EffectiveLimit(Limit.PIDS, 64, Level.SANDBOX));
  }

  @Test
  void eachLimitIsDecidedByWhoeverHasTheLeast() {
    assertThat(EffectiveLimits.of(host(400, 1000, 1000), policy(total(450, 128, 1000))))
        .containsExactly(
            new EffectiveLimit(Limit.CPU, 400, Level.HOST),
            new EffectiveLimit(Limit.MEMORY, 128, Level.TENANT),
            new EffectiveLimit(Limit.PIDS, 64, Level.SANDBOX));
  }

  @Test
  void ofSeveralThatHaveTheSameTheInnermostDecides() {
    assertThat(EffectiveLimits.of(host(500, 100, 10), policy(total(500, 100, 64))))
        .containsExactly(
            new EffectiveLimit(Limit.CPU, 500, Level.SANDBOX),
            new EffectiveLimit(Limit.MEMORY, 100, Level.TENANT),
            new EffectiveLimit(Limit.PIDS, 10, Level.HOST));
  }
}
