package io.cordon.process;

import io.cordon.process.identity.HostIdentities;
import io.cordon.process.identity.TenantIdentities;
import io.cordon.process.kernel.Kernel;
import io.cordon.process.plan.Architecture;
import io.cordon.process.quota.QuotaEnforcers;
import io.cordon.sandbox.ErrorCode;
import io.cordon.sandbox.SandboxException;
import io.cordon.sandbox.spi.IsolationStrategy;
import io.cordon.sandbox.spi.IsolationStrategyProvider;
import java.nio.file.Path;

/** The strategy {@code process}. */
public final class ProcessStrategyProvider implements IsolationStrategyProvider {

  /** For {@link java.util.ServiceLoader}. */
  public ProcessStrategyProvider() {}

  @Override
  public String name() {
    return ProcessStrategy.NAME;
  }

  @Override
  public IsolationStrategy open(Context context) {
    String processor = System.getProperty("os.arch");
    Architecture architecture =
        Architecture.of(processor)
            .orElseThrow(
                () ->
                    new SandboxException(
                        ErrorCode.STRATEGY_UNUSABLE,
                        "the processor architecture '%s' is not supported: x86-64 is"
                            .formatted(processor)));
    return new ProcessStrategy(architecture, context.cache(), ProcessStrategyProvider::tenancy);
  }

  private static Tenancy tenancy(Kernel kernel) {
    TenantIdentities identities = HostIdentities.detect();
    try {
      return new Tenancy(QuotaEnforcers.detect(Path.of("/proc"), kernel::kill), identities);
    } catch (RuntimeException e) {
      identities.close();
      throw e;
    }
  }
}
