package io.cordon.process.quota;

import java.util.Locale;

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
  PIDS;

  /** The name in {@code /proc/self/cgroup} and {@code cgroup.controllers}. */
  String kernelName() {
    return name().toLowerCase(Locale.ROOT);
  }
}
