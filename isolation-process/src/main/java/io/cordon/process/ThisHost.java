package io.cordon.process;

import io.cordon.process.identity.HostIdentities;
import io.cordon.process.identity.TenantIdentities;
import io.cordon.process.kernel.Kernel;
import io.cordon.process.plan.Architecture;
import io.cordon.process.quota.QuotaEnforcers;
import io.cordon.sandbox.ErrorCode;
import io.cordon.sandbox.SandboxException;
import io.cordon.sandbox.spi.IsolationStrategyProvider.Context;
import java.nio.file.Path;

/** Launching on the host that this JVM runs on. */
final class ThisHost {

  private ThisHost() {}

  /**
   * Opens a launcher that shares nothing with another.
   *
   * @throws SandboxException {@link ErrorCode#STRATEGY_UNUSABLE} if plans can't be compiled for it
   */
  static CellLauncher launcher(Path cache) {
    return launcher(cache, new SharedTenancy(ThisHost::tenancy));
  }

  /**
   * Opens a launcher of a strategy, whose tenants are those of the application's other strategies.
   *
   * @throws SandboxException {@link ErrorCode#STRATEGY_UNUSABLE} if plans can't be compiled for it
   */
  static CellLauncher launcher(Context context) {
    return launcher(
        context.cache(),
        context.common().get(SharedTenancy.class, () -> new SharedTenancy(ThisHost::tenancy)));
  }

  private static CellLauncher launcher(Path cache, SharedTenancy tenancy) {
    String processor = System.getProperty("os.arch");
    Architecture architecture =
        Architecture.of(processor)
            .orElseThrow(
                () ->
                    new SandboxException(
                        ErrorCode.STRATEGY_UNUSABLE,
                        "the processor architecture '%s' is not supported: x86-64 is"
                            .formatted(processor)));
    return new CellLauncher(architecture, cache, tenancy);
  }

  private static Tenancy tenancy(Kernel kernel) {
    TenantIdentities identities = HostIdentities.detect();
    try {
      return new Tenancy(QuotaEnforcers.detect(Path.of("/proc"), kernel), identities);
    } catch (RuntimeException e) {
      identities.close();
      throw e;
    }
  }
}
