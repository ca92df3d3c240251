package io.cordon.process.quota;

import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;

/**
 * In which groups of this application its cells are made.
 *
 * @param version of the kernel's control groups
 * @param byController the application's group of each controller that can be had; several
 *     controllers may share one
 */
record Placement(CgroupVersion version, Map<Controller, ApplicationGroup> byController) {

  Optional<ApplicationGroup> group(Controller controller) {
    return Optional.ofNullable(byController.get(controller));
  }

  boolean has(Controller controller) {
    return byController.containsKey(controller);
  }

  /** Each group once. */
  Collection<ApplicationGroup> groups() {
    return new LinkedHashSet<>(byController.values());
  }

  /** Whether the kernel holds cells to anything at all. */
  boolean holdsAnything() {
    return has(Controller.MEMORY) || has(Controller.CPU) || has(Controller.PIDS);
  }
}
