package io.cordon.process;

import io.cordon.process.identity.TenantIdentity;
import io.cordon.process.kernel.Kernel;
import io.cordon.process.plan.Architecture;
import io.cordon.sandbox.ErrorCode;
import io.cordon.sandbox.HostReport.StrategyReport;
import io.cordon.sandbox.Layer;
import io.cordon.sandbox.SandboxException;
import io.cordon.sandbox.spi.Cell;
import io.cordon.sandbox.spi.CellSpec;
import io.cordon.sandbox.spi.IsolationStrategy;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/** Cells as namespaced processes of this host. */
final class ProcessStrategy implements IsolationStrategy {
  static final String NAME = "process";

  private final Background<Workshop> workshop;
  private final Lazy<Tenancy> tenancy;
  private final Lazy<List<Layer>> layers;
  private final Lazy<StrategyReport> report;
  private final Set<ProcessCell> cells = ConcurrentHashMap.newKeySet();
  private volatile boolean closed;

  /**
   * Opens the strategy. The kernel's functions are bound in the background; what the host keeps for
   * tenants is looked for when the first cell, or the report, is asked for.
   */
  ProcessStrategy(Architecture architecture, Path cache, Function<Kernel, Tenancy> tenancy) {
    this.workshop =
        new Background<>(
            "cordon-warm-up",
            () -> new Workshop(Kernel.bind(architecture.systemCalls()), architecture, cache),
            Workshop::rehearse);
    this.tenancy = new Lazy<>(() -> tenancy.apply(workshop.get().kernel()));
    this.layers =
        new Lazy<>(
            () -> new Layers(workshop.get().host()).inForce(this.tenancy.get().quotas().layers()));
    this.report = new Lazy<>(this::probe);
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public StrategyReport report() {
    return report.get();
  }

  private StrategyReport probe() {
    return new HostProbe(workshop.get(), tenancy.get()).report();
  }

  @Override
  public List<String> explain(CellSpec spec) {
    Workshop shop = workshop.get();
    try (TenantIdentity identity = tenancy.get().identities().claim(spec.tenant())) {
      Placement placement =
          Placement.of(shop.host(), identity, List.of(), tenancy.get().quotas().tier());
      return shop.plan(spec, shop.view(spec), placement).describe();
    }
  }

  @Override
  public Cell launch(CellSpec spec) {
    if (closed) {
      throw closed();
    }
    Workshop shop = workshop.get();
    Launch.Parts parts = new Launch(shop, tenancy.get(), spec, shop.view(spec)).run();
    ProcessCell cell =
        new ProcessCell(
            shop.kernel(), parts, tenancy.get().quotas().tier(), layers.get(), cells::remove);
    cells.add(cell);
    if (closed) { // in the meantime, and nobody else knows of this cell
      cell.close();
      throw closed();
    }
    return cell;
  }

  private static SandboxException closed() {
    return new SandboxException(ErrorCode.CLOSED, "the process strategy is closed");
  }

  @Override
  public void close() {
    closed = true;
    cells.forEach(ProcessCell::kill); // all of them, before waiting for the first
    cells.forEach(ProcessCell::close);
    tenancy.peek().ifPresent(Tenancy::close);
  }
}
