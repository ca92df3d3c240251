package io.cordon.process.quota;

import io.cordon.policy.SandboxLimits;
import io.cordon.policy.TenantLimits;
import io.cordon.sandbox.ErrorCode;
import io.cordon.sandbox.Layer;
import io.cordon.sandbox.SandboxException;
import io.cordon.sandbox.spi.OuterLimits;
import java.io.IOException;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.regex.Pattern;

/** Holds cells by those control groups that can be had, and watches over the rest. */
final class HostQuotas implements QuotaEnforcer {
  /** Names become those of directories, which are written to as root. */
  private static final Pattern NAME = Pattern.compile("[-a-z0-9]{1,63}");

  private final Placement placement;
  private final TenantGroups tenants;
  private final List<Layer> layers;
  private final ProcessTable table;
  private final GroupRemoval removal;
  private final ProcessSignals signals;
  private final EventSource events;
  private final Sampler sampler = new Sampler(Sampler.USUAL_PERIOD);
  private final ProcessWatch watch;
  private final Set<MeteredCell> open = ConcurrentHashMap.newKeySet();

  /**
   * Of each tenant: held for reading by who opens a cell under its total, for writing by who
   * changes that, which may have to wait for memory to be reclaimed.
   */
  private final ConcurrentMap<String, ReadWriteLock> totals = new ConcurrentHashMap<>();

  private volatile boolean closed;

  HostQuotas(
      Placement placement,
      List<Layer> layers,
      ProcessTable table,
      GroupCleaning cleaning,
      ProcessSignals signals,
      EventSource events) {
    this.placement = placement;
    this.layers = layers;
    this.table = table;
    this.removal = cleaning.removal(placement.version());
    this.signals = signals;
    this.events = events;
    this.watch = new ProcessWatch(table, sampler);
    this.tenants = new TenantGroups(placement);
  }

  @Override
  public String tier() {
    return placement.holdsAnything() ? placement.version().tier() : "rlimit";
  }

  @Override
  public List<Layer> layers() {
    return layers;
  }

  @Override
  public OuterLimits outerLimits() {
    return new OuterLimits(
        outerLimit(Controller.CPU), outerLimit(Controller.MEMORY), outerLimit(Controller.PIDS));
  }

  /** The least that the groups around this application's have. */
  private OptionalLong outerLimit(Controller controller) {
    return placement
        .group(controller)
        .map(application -> application.group().parent())
        .map(around -> placement.version().leastLimit(controller, around))
        .orElse(OptionalLong.empty());
  }

  @Override
  public boolean needsProcessLimit() {
    return !placement.has(Controller.PIDS);
  }

  @Override
  public CellQuota open(String tenant, String cell, SandboxLimits limits, TenantLimits total) {
    check("tenant", tenant);
    check("cell", cell);
    if (closed) {
      throw new SandboxException(ErrorCode.CLOSED, "the quota enforcer is closed");
    }
    CellGroups groups = new CellGroups(placement, removal);
    Lock totalStays = totalOf(tenant).readLock();
    totalStays.lock();
    try {
      TenantLimits now = tenants.enter(tenant, total);
      groups.create(tenant, cell, limits, now);
      MeteredCell metered = metered(tenant, groups, limits, now, watch.tenant(tenant, now));
      open.add(metered);
      return metered;
    } catch (IOException e) {
      SandboxException failure =
          new SandboxException(
              ErrorCode.LAUNCH_FAILED,
              "the control groups of cell " + tenant + "/" + cell + " can't be made: " + e,
              e);
      try {
        groups.remove();
      } catch (IOException leftover) {
        failure.addSuppressed(leftover);
      }
      throw failure;
    } finally {
      totalStays.unlock();
    }
  }

  @Override
  public void limit(String tenant, TenantLimits total) {
    check("tenant", tenant);
    Lock totalChanges = totalOf(tenant).writeLock();
    totalChanges.lock();
    try {
      if (closed) {
        return; // nothing of the tenant is left
      }
      watch.tenant(tenant, total);
      try {
        tenants.change(tenant, total);
      } finally {
        for (MeteredCell cell : open) {
          if (cell.isOf(tenant)) {
            cell.totalHasChanged(total);
          }
        }
      }
    } catch (IOException e) {
      throw new SandboxException(
          ErrorCode.NOT_LIVE,
          "the limits of tenant %s can't be put into force: %s".formatted(tenant, e.getMessage()),
          e);
    } finally {
      totalChanges.unlock();
    }
  }

  private ReadWriteLock totalOf(String tenant) {
    return totals.computeIfAbsent(tenant, _ -> new ReentrantReadWriteLock());
  }

  private static void check(String what, String name) {
    if (!NAME.matcher(name).matches()) {
      throw new IllegalArgumentException(
          "the " + what + "'s name \"" + name + "\" is not of the form " + NAME);
    }
  }

  private MeteredCell metered(
      String tenantName,
      CellGroups groups,
      SandboxLimits limits,
      TenantLimits total,
      WatchedTenant tenant)
      throws IOException {
    boolean memory = placement.has(Controller.MEMORY);
    boolean pids = placement.has(Controller.PIDS);
    WatchedCell watched =
        new WatchedCell(
            table,
            watch,
            tenant,
            new SignalRounds(signals),
            memory ? Long.MAX_VALUE : limits.memoryMax(),
            pids ? Long.MAX_VALUE : limits.pidsMax());
    return new MeteredCell(
        tenantName,
        groups,
        groups.meters(watched),
        watched,
        limits,
        total,
        sampler,
        signals,
        events,
        open::remove);
  }

  @Override
  public void close() {
    closed = true;
    SandboxException failure =
        new SandboxException(ErrorCode.CLEANUP_FAILED, "control groups stay behind");
    for (MeteredCell cell : open) {
      try {
        cell.kill();
        cell.close();
      } catch (RuntimeException e) {
        failure.addSuppressed(e);
      }
    }
    sampler.close();
    events.close();
    for (ApplicationGroup group : placement.groups()) {
      try {
        group.destroy(removal);
      } catch (IOException e) {
        failure.addSuppressed(e);
      }
    }
    if (failure.getSuppressed().length > 0) {
      throw failure;
    }
  }
}
