package io.cordon.process.quota;

import io.cordon.policy.SandboxLimits;
import io.cordon.sandbox.spi.LimitLayer;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;

/** The controllers of the kernel's control groups that cells are held by. */
enum Controller {
  /**
   * Version 1 alone: with version 2, every group can be frozen. It comes first, so that the frozen
   * are thawed, and take their signals, before anybody waits for them to leave another group.
   */
  FREEZER,
  MEMORY,
  CPU,
  /** Counts processor time; with version 2, every group does. */
  CPUACCT,
  PIDS,
  /** Joined by those cells alone whose limits need it: it takes its time. */
  CPUSET,
  /** Likewise. */
  IO;

  /** Whether cells join it only where their limits need it. */
  boolean onDemand() {
    return this == CPUSET || this == IO;
  }

  /** Those on demand that these limits need. */
  static Set<Controller> needed(SandboxLimits limits) {
    Set<Controller> needed = EnumSet.noneOf(Controller.class);
    if (LimitLayer.CPUSET.usedBy(limits)) {
      needed.add(CPUSET);
    }
    if (LimitLayer.IO_MAX.usedBy(limits) || LimitLayer.IO_WEIGHT.usedBy(limits)) {
      needed.add(IO);
    }
    return needed;
  }

  /** The name in version 1, which has another for one of them. */
  String v1Name() {
    return this == IO ? "blkio" : kernelName();
  }

  /** The name in {@code /proc/self/cgroup} and {@code cgroup.controllers}. */
  String kernelName() {
    return name().toLowerCase(Locale.ROOT);
  }
}
