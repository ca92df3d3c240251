package io.cordon.process.quota;

import io.cordon.policy.SandboxLimits;
import io.cordon.policy.TenantLimits;
import io.cordon.sandbox.Usage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The control groups of one cell: one in each hierarchy, or none at all. */
final class CellGroups {
  private final Placement placement;
  private final GroupRemoval removal;
  private Set<Controller> onDemand = Set.of();
  private final Map<ApplicationGroup, ControlGroup> groups = new LinkedHashMap<>();

  CellGroups(Placement placement, GroupRemoval removal) {
    this.placement = placement;
    this.removal = removal;
  }

  /** Makes them, with their limits; whatever was made when this fails is to be removed. */
  void create(String tenant, String cell, SandboxLimits limits, TenantLimits total)
      throws IOException {
    onDemand = Controller.needed(limits);
    for (ApplicationGroup application : placement.groups()) {
      if (application.concerns(onDemand)) {
        groups.put(application, application.openCell(tenant, cell, onDemand));
      }
    }
    limit(limits, total);
  }

  private void limit(SandboxLimits limits, TenantLimits total) throws IOException {
    for (Controller controller : Controller.values()) {
      limit(controller, limits, total);
    }
  }

  private void limit(Controller controller, SandboxLimits limits, TenantLimits total)
      throws IOException {
    Optional<ControlGroup> group = group(controller);
    if (group.isPresent()) {
      Setting.applyAll(placement.version().settings(controller, limits, total), group.get());
    }
  }

  private Optional<ControlGroup> group(Controller controller) {
    return controller.onDemand() && !onDemand.contains(controller)
        ? Optional.empty()
        : placement.group(controller).map(groups::get);
  }

  List<Path> joinFiles() {
    String file = placement.version().joinFile();
    return groups.values().stream().map(group -> group.directory().resolve(file)).toList();
  }

  /** The one group there is, if a process can be made in it. */
  Optional<Path> birthGroup() {
    return placement.version().takesTheNewborn()
        ? groups.values().stream().findFirst().map(ControlGroup::directory)
        : Optional.empty();
  }

  /** What the kernel counts, and for the rest what is watched. */
  Meters meters(WatchedCell watched) throws IOException {
    CgroupVersion version = placement.version();
    Optional<ControlGroup> memory = group(Controller.MEMORY);
    Optional<ControlGroup> time = group(Controller.CPUACCT);
    Optional<ControlGroup> cpu = group(Controller.CPU);
    Optional<ControlGroup> pids = group(Controller.PIDS);
    Optional<KernelPids> counted =
        pids.isPresent()
            ? Optional.of(KernelPids.of(pids.get(), pids.get().parent()))
            : Optional.empty();
    return new Meters(
        memory.isPresent() ? version.memory(memory.get()) : watched.memory(),
        time.isPresent() ? version.cpu(time.get()) : watched.cpu(),
        counted.<PidsMeter>map(kernels -> kernels).orElseGet(watched::pids),
        new FlowFiles(
            cpu.isPresent() ? version.flow(cpu.get()) : FlowMeter.unknown(),
            group(Controller.IO).map(version::io)),
        memory.isPresent()
            ? version.memoryTotal(memory.get(), memory.get().parent())
            : watched.memoryTotal(),
        counted.<PidsTotal>map(kernels -> kernels).orElseGet(watched::pidsTotal));
  }

  /** The files of which the kernel says that they have changed. */
  List<Path> eventFiles() {
    return groups.values().stream()
        .flatMap(
            group ->
                placement.version().eventFiles(group).stream()
                    .map(file -> group.directory().resolve(file)))
        .toList();
  }

  /** How much the cell is kept waiting, where the kernel knows. */
  Optional<Usage.Pressure> pressure() throws IOException {
    Optional<ControlGroup> group = group(Controller.CPU);
    return group.isPresent() ? placement.version().pressure(group.get()) : Optional.empty();
  }

  /** Whether an exceeded memory limit leaves some processes alive, which then must be killed. */
  boolean needLooking() {
    return group(Controller.MEMORY).filter(placement.version()::needsLooking).isPresent();
  }

  boolean holds(Controller controller) {
    return group(controller).isPresent();
  }

  /** Puts other limits into force. */
  void resize(SandboxLimits limits, TenantLimits total) throws IOException {
    Optional<ControlGroup> memory = group(Controller.MEMORY);
    if (memory.isPresent()) {
      placement.version().reclaim(memory.get(), limits.memoryMax());
    }
    limit(limits, total);
    for (Controller controller : Controller.values()) {
      Optional<ControlGroup> group = group(controller);
      if (group.isPresent()) {
        Setting.applyAll(placement.version().usual(controller, limits), group.get());
      }
    }
  }

  /** The tenant has another total: of version 1, who had none of its own below it gets it back. */
  void fitInto(SandboxLimits limits, TenantLimits total) throws IOException {
    limit(Controller.CPU, limits, total);
  }

  boolean freeze() throws IOException {
    return placement.version().freeze(groups.values());
  }

  boolean frozen() throws IOException {
    return placement.version().frozen(groups.values());
  }

  /** Thaws who may be half frozen for ever. */
  void thawTheHalfFrozen() throws IOException {
    if (placement.version().freezesByHalves()) {
      thaw();
    }
  }

  void thaw() throws IOException {
    placement.version().thaw(groups.values());
  }

  void kill(ProcessSignals signals) throws IOException {
    placement.version().kill(groups.values(), signals);
    letGoOfTheDisks();
  }

  /** Who waits for its turn at a disk dies only when it has had it: under a tight io.max, late. */
  void letGoOfTheDisks() {
    group(Controller.IO)
        .ifPresent(
            group -> {
              try {
                Setting.applyAll(placement.version().unthrottled(), group);
              } catch (IOException e) {
                // they are as good as dead, and dead when their turn has come
              }
            });
  }

  void remove() throws IOException {
    for (ControlGroup group : groups.values()) {
      removal.remove(group);
    }
  }
}
