package io.cordon.process;

import io.cordon.sandbox.spi.IsolationStrategy;
import io.cordon.sandbox.spi.IsolationStrategyProvider;

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
    CellLauncher launcher = ThisHost.launcher(context);
    launcher.warmUp();
    return new ProcessStrategy(launcher);
  }
}
