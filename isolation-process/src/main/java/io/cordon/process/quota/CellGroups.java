package io.cordon.process.quota;

import io.cordon.policy.SandboxLimits;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The control groups of one cell: one in each hierarchy, or none at all. */
final class CellGroups {
  private final Placement placement;
  private final GroupRemoval removal;
  private final Map<ApplicationGroup, ControlGroup> groups = new LinkedHashMap<>();

  CellGroups(Placement placement, GroupRemoval removal) {
    this.placement = placement;
    this.removal = removal;
  }

  /** Makes them, with their limits; whatever was made when this fails is to be removed. */
  void create(String tenant, String cell, SandboxLimits limits) throws IOException {
    for (ApplicationGroup application : placement.groups()) {
      groups.put(application, application.openCell(tenant, cell));
    }
    for (Controller controller : Controller.values()) {
      Optional<ControlGroup> group = group(controller);
      if (group.isPresent()) {
        for (Setting setting : placement.version().settings(controller, limits)) {
          setting.applyTo(group.get());
        }
      }
    }
  }

  private Optional<ControlGroup> group(Controller controller) {
    return placement.group(controller).map(groups::get);
  }

  List<Path> joinFiles() {
    String file = placement.version().joinFile();
    return groups.values().stream().map(group -> group.directory().resolve(file)).toList();
  }

  /** What the kernel counts, and for the rest what is watched. */
  Meters meters(WatchedCell watched) {
    CgroupVersion version = placement.version();
    Optional<ControlGroup> memory = group(Controller.MEMORY);
    Optional<ControlGroup> cpu = group(Controller.CPUACCT);
    Optional<ControlGroup> pids = group(Controller.PIDS);
    return new Meters(
        memory.isPresent() ? version.memory(memory.get()) : watched.memory(),
        cpu.isPresent() ? version.cpu(cpu.get()) : watched.cpu(),
        pids.isPresent() ? version.pids(pids.get()) : watched.pids());
  }

  /** Whether an exceeded memory limit leaves some processes alive, which then must be killed. */
  boolean needLooking() {
    return group(Controller.MEMORY).filter(placement.version()::needsLooking).isPresent();
  }

  void kill(ProcessSignals signals) throws IOException {
    placement.version().kill(groups.values(), signals);
  }

  void remove() throws IOException {
    for (ControlGroup group : groups.values()) {
      removal.remove(group);
    }
  }
}
