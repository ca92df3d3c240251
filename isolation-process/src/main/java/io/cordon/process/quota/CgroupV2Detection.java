package io.cordon.process.quota;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Finds out what version 2 of the control groups lets this JVM do, by doing it.
 *
 * <p>A group that gives controllers to its children may have no processes of its own. So the JVM
 * moves itself into a child of its group, {@code cordon-host}, where it must. Other processes are
 * not ours to move.
 */
final class CgroupV2Detection {
  /** Where the JVM itself goes; it stays there, since a group in use can't be removed. */
  static final String HOST = "cordon-host";

  private static final String ALONE =
      "start the JVM as the only process of its group: a systemd service with Delegate=yes, or in"
          + " a container with an exec form of its command";
  private static final String USER_MANAGER =
      "let the user manager delegate it: [Service] Delegate=cpu memory pids in"
          + " /etc/systemd/system/user@.service.d/delegate.conf";

  private final OwnGroups own;
  private final ProcessTable table;
  private final GroupFiles files;
  private final GroupCleaning cleaning;
  private final BlockDevices disks;

  CgroupV2Detection(
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
    CgroupVersion version = new CgroupV2(disks.numbers());
    Optional<Path> group = own.v2();
    if (group.isEmpty()) {
      return nothing(version, new Finding.Refused("no version 2 is mounted", Attempt.DELEGATE));
    }
    ControlGroup base = new ControlGroup(baseOf(group.get()), files);
    try {
      return attempt(version, base);
    } catch (IOException e) {
      return nothing(version, Attempt.refusal(base.directory(), e));
    }
  }

  private static Attempt nothing(CgroupVersion version, Finding finding) {
    return new Attempt(new Placement(version, Map.of()), Attempt.all(finding));
  }

  /** A JVM that moved there earlier, or a child of it, has its groups beside that one. */
  private static Path baseOf(Path own) {
    Path parent = own.getParent();
    return own.endsWith(HOST) && parent != null ? parent : own;
  }

  private Attempt attempt(CgroupVersion version, ControlGroup base) throws IOException {
    cleaning.of(version).removeFrom(base);
    Map<Controller, Finding> findings = new EnumMap<>(Controller.class);
    Set<Controller> enabled = EnumSet.noneOf(Controller.class);
    List<String> available = List.of(base.read("cgroup.controllers").split(" ", -1));
    List<Controller> wanted = new ArrayList<>();
    for (Controller controller : Attempt.LIMITING) {
      if (available.contains(controller.kernelName())) {
        wanted.add(controller);
      } else {
        findings.put(
            controller,
            new Finding.Refused(
                controller.kernelName() + " is not in " + base.directory() + "/cgroup.controllers",
                USER_MANAGER));
      }
    }
    if (!wanted.isEmpty()) {
      // joining a cell's group from ours needs this right too (cgroup_procs_write_permission)
      if (!Files.isWritable(base.directory().resolve("cgroup.procs"))) {
        throw new AccessDeniedException(base.directory() + "/cgroup.procs");
      }
      enable(version, base, wanted, enabled, findings);
    }
    if (enabled.isEmpty()) {
      return new Attempt(new Placement(version, Map.of()), findings);
    }
    // What few policies ask for is no finding: its layer says whether it is there.
    for (Controller controller : List.of(Controller.CPUSET, Controller.IO)) {
      if (available.contains(controller.kernelName())) {
        tryToEnable(version, base, List.of(controller), enabled, new EnumMap<>(Controller.class));
      }
    }
    ApplicationGroup group = ApplicationGroup.create(base, version, table.self(), enabled);
    Map<Controller, ApplicationGroup> groups = new EnumMap<>(Controller.class);
    for (Controller controller : enabled) {
      Finding finding = Attempt.prove(controller, group, version);
      if (!controller.onDemand()) {
        findings.put(controller, finding);
      }
      if (finding instanceof Finding.Held) {
        groups.put(controller, group);
      }
    }
    if (groups.isEmpty()) {
      cleaning.discard(group, version);
    } else {
      groups.put(Controller.CPUACCT, group);
      groups.put(Controller.FREEZER, group);
    }
    return new Attempt(new Placement(version, groups), findings);
  }

  /**
   * Moves the JVM out of the way first. While a group has processes, memory is refused to its
   * children, but cpu and pids are not: they make it a thread root, into whose children no process
   * can be moved any more (EOPNOTSUPP; "Threads" in cgroup-v2.rst).
   */
  private static void enable(
      CgroupVersion version,
      ControlGroup base,
      List<Controller> wanted,
      Set<Controller> enabled,
      Map<Controller, Finding> findings)
      throws IOException {
    if (isTop(base) || isEmpty(base)) {
      tryToEnable(version, base, wanted, enabled, findings);
      return;
    }
    ControlGroup host = base.child(HOST);
    host.createUnlessThere();
    host.write("cgroup.procs", "0"); // the writer, which is all of the JVM
    if (isEmpty(base)) {
      tryToEnable(version, base, wanted, enabled, findings);
    } else {
      String busy = base.directory() + " is busy: other processes are in it, too";
      wanted.forEach(controller -> findings.put(controller, new Finding.Refused(busy, ALONE)));
    }
    if (enabled.isEmpty()) {
      base.write("cgroup.procs", "0"); // it didn't help: back, and leave no trace
      host.remove();
    }
  }

  /** The top of the whole tree alone may have processes and children that are limited. */
  private static boolean isTop(ControlGroup group) {
    return !group.has("cgroup.type");
  }

  /** Also of processes that this pid namespace does not have, which are listed as 0. */
  private static boolean isEmpty(ControlGroup group) throws IOException {
    return group.read("cgroup.procs").isBlank();
  }

  /** Enables one after the other, so that one which is refused spoils no other. */
  private static void tryToEnable(
      CgroupVersion version,
      ControlGroup base,
      List<Controller> wanted,
      Set<Controller> enabled,
      Map<Controller, Finding> findings) {
    for (Controller controller : wanted) {
      try {
        version.delegate(base, EnumSet.of(controller));
        enabled.add(controller);
      } catch (IOException e) {
        findings.put(controller, new Finding.Refused(String.valueOf(e.getMessage()), ALONE));
      }
    }
  }
}
