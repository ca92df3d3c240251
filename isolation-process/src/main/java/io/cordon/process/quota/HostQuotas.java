package io.cordon.process.quota;

import io.cordon.policy.SandboxLimits;
import io.cordon.sandbox.ErrorCode;
import io.cordon.sandbox.Layer;
import io.cordon.sandbox.SandboxException;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** Holds cells by those control groups that can be had, and watches over the rest. */
final class HostQuotas implements QuotaEnforcer {
  /** Both become names of directories, which are written to as root. */
  private static final Pattern NAME = Pattern.compile("[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?");

  private final Placement placement;
  private final List<Layer> layers;
  private final ProcessTable table;
  private final GroupRemoval removal;
  private final ProcessSignals signals;
  private final Sampler sampler = new Sampler();
  private final ProcessWatch watch;

  HostQuotas(
      Placement placement,
      List<Layer> layers,
      ProcessTable table,
      GroupCleaning cleaning,
      ProcessSignals signals) {
    this.placement = placement;
    this.layers = layers;
    this.table = table;
    this.removal = cleaning.removal(placement.version());
    this.signals = signals;
    this.watch = new ProcessWatch(table, sampler);
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
  public CellQuota open(String tenant, String cell, SandboxLimits limits) {
    check("tenant", tenant);
    check("cell", cell);
    CellGroups groups = new CellGroups(placement, removal);
    try {
      groups.create(tenant, cell, limits);
      return metered(groups, limits);
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
    }
  }

  private static void check(String what, String name) {
    if (!NAME.matcher(name).matches()) {
      throw new IllegalArgumentException(
          "the " + what + "'s name \"" + name + "\" is not of the form " + NAME);
    }
  }

  private CellQuota metered(CellGroups groups, SandboxLimits limits) throws IOException {
    boolean memory = placement.has(Controller.MEMORY);
    boolean cpu = placement.has(Controller.CPUACCT);
    boolean pids = placement.has(Controller.PIDS);
    WatchedCell watched =
        new WatchedCell(
            table,
            watch,
            new KillRounds(signals),
            memory ? Long.MAX_VALUE : limits.memoryMax(),
            pids ? Long.MAX_VALUE : limits.pidsMax());
    Optional<WatchedCell> watch = memory && cpu && pids ? Optional.empty() : Optional.of(watched);
    return new MeteredCell(groups, groups.meters(watched), watch, sampler, signals);
  }

  @Override
  public void close() {
    sampler.close();
    for (ApplicationGroup group : placement.groups()) {
      try {
        group.destroy(removal);
      } catch (IOException e) {
        throw new SandboxException(
            ErrorCode.CLEANUP_FAILED, "control groups stay behind: " + e.getMessage(), e);
      }
    }
  }
}
