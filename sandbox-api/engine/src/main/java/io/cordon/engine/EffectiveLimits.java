package io.cordon.engine;

import io.cordon.policy.Limit;
import io.cordon.policy.Policy;
import io.cordon.policy.SandboxLimits;
import io.cordon.policy.TenantLimits;
import io.cordon.sandbox.EffectiveLimit;
import io.cordon.sandbox.EffectiveLimit.Level;
import io.cordon.sandbox.spi.OuterLimits;
import java.util.List;
import java.util.OptionalLong;

/** What limits come to along the way from the host to a sandbox: a pure function. */
final class EffectiveLimits {

  private EffectiveLimits() {}

  static List<EffectiveLimit> of(OuterLimits host, Policy policy) {
    TenantLimits tenant = policy.limits();
    SandboxLimits sandbox = policy.sandbox();
    return List.of(
        least(Limit.CPU, host.cpuMillis(), tenant.cpuMaxMillis(), sandbox.cpuMaxMillis()),
        least(Limit.MEMORY, host.memoryBytes(), tenant.memoryMax(), sandbox.memoryMax()),
        least(
            Limit.PIDS,
            host.pids(),
            tenant.pidsMax().stream().asLongStream().findFirst(),
            sandbox.pidsMax()));
  }

  private static EffectiveLimit least(
      Limit limit, OptionalLong host, OptionalLong tenant, long sandbox) {
    EffectiveLimit own = new EffectiveLimit(limit, sandbox, Level.SANDBOX);
    return within(host, Level.HOST, within(tenant, Level.TENANT, own));
  }

  private static EffectiveLimit within(OptionalLong outer, Level level, EffectiveLimit inner) {
    return outer.isPresent() && outer.getAsLong() < inner.value()
        ? new EffectiveLimit(inner.limit(), outer.getAsLong(), level)
        : inner;
  }
}
