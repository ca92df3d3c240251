package io.cordon.process;

import io.cordon.policy.TenantLimits;
import io.cordon.process.kernel.Kernel;
import io.cordon.process.plan.Architecture;
import io.cordon.sandbox.ErrorCode;
import io.cordon.sandbox.HostReport.StrategyReport;
import io.cordon.sandbox.Layer;
import io.cordon.sandbox.SandboxException;
import io.cordon.sandbox.spi.Cell;
import io.cordon.sandbox.spi.CellSpec;
import io.cordon.sandbox.spi.OuterLimits;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Function;

/** Launches cells as namespaced processes, and closes those that are left. For several threads. */
final class CellLauncher implements AutoCloseable {
  private final SupervisorThreads threads = new SupervisorThreads();
  private final Lazy<Background<Workshop>> workshop;
  private final SharedTenancy.Share tenancy;
  private final Lazy<List<Layer>> layers;
  private final Lazy<StrategyReport> report;
  private final Set<ProcessCell> cells = ConcurrentHashMap.newKeySet();

  // Held for reading by launches, for writing by who closes the launcher.
  private final ReadWriteLock open = new ReentrantReadWriteLock();
  private boolean closed;

  /**
   * Opens it. The kernel's functions are bound in the background, as soon as they are asked for;
   * what the host keeps for tenants is looked for when the first cell, or the report, is.
   */
  CellLauncher(Architecture architecture, Path cache, SharedTenancy tenancy) {
    this.workshop =
        new Lazy<>(
            () ->
                new Background<>(
                    "cordon-warm-up",
                    () ->
                        new Workshop(
                            Kernel.bind(architecture.systemCalls()), architecture, cache, threads),
                    Workshop::rehearse));
    this.tenancy = tenancy.share();
    this.layers =
        new Lazy<>(() -> new Layers(workshop().host()).inForce(tenancy().quotas().layers()));
    this.report = new Lazy<>(() -> new Background<>("cordon-host-probe", this::probe).get());
  }

  /** Begins with what takes long: who is about to launch something need not wait for it then. */
  void warmUp() {
    workshop.get();
  }

  private Tenancy tenancy() {
    return tenancy.get(workshop().kernel());
  }

  Workshop workshop() {
    return workshop.get().get();
  }

  /**
   * Does something with what the host keeps for tenants, and keeps it open meanwhile: what is
   * claimed when all is closed would be given back by nobody.
   *
   * @throws SandboxException {@link ErrorCode#CLOSED} if it is closed
   */
  <T> T whileOpen(Function<Tenancy, T> work) {
    open.readLock().lock();
    try {
      if (closed) {
        throw new SandboxException(ErrorCode.CLOSED, "the process strategy is closed");
      }
      return work.apply(tenancy());
    } finally {
      open.readLock().unlock();
    }
  }

  /** What this host offers. */
  StrategyReport report() {
    return report.get();
  }

  private StrategyReport probe() {
    Workshop shop = workshop();
    try {
      return whileOpen(tenants -> new HostProbe(shop, tenants).report());
    } catch (SandboxException e) { // this host has no users, or no groups, to give to tenants
      Layer missing = Layers.missing("tenancy", Optional.empty(), e.reason(), "");
      return new StrategyReport(ProcessStrategy.NAME, false, "none", List.of(missing));
    }
  }

  /** Launches a cell with the view that the workshop gives it. */
  Cell launch(CellSpec spec, Function<Workshop, CellView> view) {
    return whileOpen(
        tenants -> {
          Workshop shop = workshop();
          List<Layer> inForce = layers.get();
          Launch.Parts parts = new Launch(shop, tenants, spec, view.apply(shop)).run();
          ProcessCell cell =
              new ProcessCell(
                  shop.kernel(), parts, tenants.quotas().tier(), inForce, cells::remove);
          cells.add(cell);
          return cell;
        });
  }

  /** What this application's own groups leave to all cells. */
  OuterLimits outerLimits() {
    return whileOpen(tenants -> tenants.quotas().outerLimits());
  }

  /** Holds all cells of a tenant to another total. */
  void limit(String tenant, TenantLimits total) {
    open.readLock().lock();
    try {
      if (!closed) { // or the groups would be made anew
        tenancy().quotas().limit(tenant, total);
      }
    } finally {
      open.readLock().unlock();
    }
  }

  @Override
  public void close() {
    open.writeLock().lock(); // when no launch is under way
    try {
      if (closed) {
        return;
      }
      closed = true;
    } finally {
      open.writeLock().unlock();
    }
    try (threads;
        tenancy) { // in any case: a cell that stays must not keep what is everybody's
      new CloseAll(cells).run();
    }
  }
}
