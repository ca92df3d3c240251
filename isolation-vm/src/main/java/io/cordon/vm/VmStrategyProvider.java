package io.cordon.vm;

import io.cordon.process.ConfinedPrograms;
import io.cordon.process.plan.Architecture;
import io.cordon.sandbox.ErrorCode;
import io.cordon.sandbox.SandboxException;
import io.cordon.sandbox.spi.IsolationStrategy;
import io.cordon.sandbox.spi.IsolationStrategyProvider;
import java.security.SecureRandom;
import java.time.InstantSource;

/** The strategy {@code vm}. */
public final class VmStrategyProvider implements IsolationStrategyProvider {

  /** For {@link java.util.ServiceLoader}. */
  public VmStrategyProvider() {}

  @Override
  public String name() {
    return VmStrategy.NAME;
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
    ConfinedPrograms programs = ConfinedPrograms.open(context);
    return new VmStrategy(
        new VmWorkshop(
            programs,
            architecture,
            new VmHost(programs, architecture, context.cache(), context.progress()),
            new Renewals(InstantSource.system(), new SecureRandom()),
            context.progress()));
  }
}
