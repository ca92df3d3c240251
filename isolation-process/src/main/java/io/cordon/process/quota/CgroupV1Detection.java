package io.cordon.process.quota;

import java.io.IOException;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;

/** Finds out what version 1 of the control groups lets this JVM do, by doing it. */
final class CgroupV1Detection {
  private final OwnGroups own;
  private final ProcessTable table;
  private final GroupFiles files;
  private final GroupCleaning cleaning;
  private final BlockDevices disks;

  CgroupV1Detection(
      OwnGroups own,
      ProcessTable table,
      GroupFiles files,
      GroupCleaning cleaning,
      BlockDevices disks) {
    this.own = own;
    this.table = table;
    this.files = files;
    this.cleaning = cleaning;
    this.disks = disks;
  }

  Attempt attempt() {
    CgroupVersion version = new CgroupV1(cpuCeiling(), disks.numbers());
    Map<Controller, Finding> findings =
        Attempt.all(
            new Finding.Refused("no such controller of version 1 is mounted", Attempt.DELEGATE));
    Map<Controller, ApplicationGroup> groups = new EnumMap<>(Controller.class);
    controllersByGroup()
        .forEach(
            (directory, controllers) -> {
              ControlGroup base = new ControlGroup(directory, files);
              cleaning.of(version).removeFrom(base);
              try {
                ApplicationGroup group =
                    ApplicationGroup.create(base, version, table.self(), controllers);
                controllers.forEach(controller -> groups.put(controller, group));
              } catch (IOException e) {
                Finding refusal = Attempt.refusal(directory, e);
                controllers.forEach(
                    controller -> findings.replace(controller, refusal)); // the limiting ones
              }
            });
    Set<ApplicationGroup> made = Set.copyOf(groups.values());
    for (Map.Entry<Controller, ApplicationGroup> candidate : Map.copyOf(groups).entrySet()) {
      Controller controller = candidate.getKey();
      Finding finding = Attempt.prove(controller, candidate.getValue(), version);
      findings.replace(controller, finding);
      if (finding instanceof Finding.Refused) {
        groups.remove(controller);
      }
    }
    Placement placement = new Placement(version, groups);
    if (!placement.holdsAnything()) {
      groups.clear();
    }
    made.stream()
        .filter(group -> !groups.containsValue(group))
        .forEach(group -> cleaning.discard(group, version));
    return new Attempt(placement, findings);
  }

  /** Controllers that are mounted together share their groups. */
  private Map<Path, Set<Controller>> controllersByGroup() {
    Map<Path, Set<Controller>> byGroup = new LinkedHashMap<>();
    for (Controller controller : Controller.values()) {
      own.v1(controller)
          .ifPresent(
              directory ->
                  byGroup
                      .computeIfAbsent(directory, _ -> EnumSet.noneOf(Controller.class))
                      .add(controller));
    }
    return byGroup;
  }

  private OptionalLong cpuCeiling() {
    CgroupVersion unlimited = new CgroupV1(OptionalLong.empty());
    return own.v1(Controller.CPU)
        .map(directory -> new ControlGroup(directory, files))
        .map(group -> unlimited.leastLimit(Controller.CPU, group))
        .orElse(OptionalLong.empty());
  }
}
