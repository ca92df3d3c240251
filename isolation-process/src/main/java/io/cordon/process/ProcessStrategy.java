package io.cordon.process;

import io.cordon.policy.TenantLimits;
import io.cordon.process.identity.TenantIdentity;
import io.cordon.sandbox.HostReport.StrategyReport;
import io.cordon.sandbox.spi.Cell;
import io.cordon.sandbox.spi.CellSpec;
import io.cordon.sandbox.spi.IsolationStrategy;
import io.cordon.sandbox.spi.OuterLimits;
import java.util.List;
import java.util.Optional;

/** Cells as namespaced processes of this host. */
final class ProcessStrategy implements IsolationStrategy {
  static final String NAME = "process";

  private final CellLauncher launcher;

  ProcessStrategy(CellLauncher launcher) {
    this.launcher = launcher;
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public StrategyReport report() {
    return launcher.report();
  }

  @Override
  public List<String> explain(CellSpec spec) {
    Workshop shop = launcher.workshop();
    return launcher.whileOpen(
        tenancy -> {
          try (TenantIdentity identity = tenancy.identities().claim(spec.tenant())) {
            Placement placement =
                Placement.of(shop.host(), identity, List.of(), Optional.empty(), tenancy.quotas());
            return shop.plan(spec, shop.view(spec), placement).describe();
          }
        });
  }

  @Override
  public OuterLimits outerLimits() {
    return launcher.outerLimits();
  }

  @Override
  public Cell launch(CellSpec spec) {
    return launcher.launch(spec, shop -> shop.view(spec));
  }

  @Override
  public void limit(String tenant, TenantLimits total) {
    launcher.limit(tenant, total);
  }

  @Override
  public void close() {
    launcher.close();
  }
}
