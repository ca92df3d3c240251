package io.cordon.process;

import io.cordon.process.identity.HostIdentities;
import io.cordon.process.identity.TenantIdentities;
import io.cordon.process.kernel.Kernel;
import io.cordon.process.plan.Architecture;
import io.cordon.process.quota.QuotaEnforcers;
import io.cordon.sandbox.ErrorCode;
import io.cordon.sandbox.SandboxException;
import java.nio.file.Path;

/** Launching on the host that this JVM runs on. */
final class ThisHost {

  private ThisHost() {}

  /**
   * Opens a launcher.
   *
   * @throws SandboxException {@link ErrorCode#STRATEGY_UNUSABLE} if plans can't be compiled for it
   */
  static CellLauncher launcher(Path cache) {
    String processor = System.getProperty("os.arch");
    Architecture architecture =
        Architecture.of(processor)
            .orElseThrow(
                () ->
                    new SandboxException(
                        ErrorCode.STRATEGY_UNUSABLE,
                        "the processor architecture '%s' is not supported: x86-64 is"
                            .formatted(processor)));
    return new CellLauncher(architecture, cache, ThisHost::tenancy);
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
