package io.cordon.process.quota;

import io.cordon.policy.SandboxLimits;
import java.io.IOException;
import java.util.Collection;
import java.util.List;
import java.util.Set;

/** What differs between the two versions of control groups. Has no state of its own. */
sealed interface CgroupVersion permits CgroupV1, CgroupV2 {

  /** The enforcer's tier. */
  String tier();

  /** The file through which a process joins a group by writing {@code 0}. */
  String joinFile();

  /** A file that every group has and nobody needs: it is locked while its application lives. */
  String lockFile();

  /** What is written to hold a cell to its limit; nothing, for a controller that only counts. */
  List<Setting> settings(Controller controller, SandboxLimits limits);

  /** Lets the children of a group have controllers. */
  void delegate(ControlGroup group, Set<Controller> controllers) throws IOException;

  MemoryMeter memory(ControlGroup group);

  CpuMeter cpu(ControlGroup group);

  PidsMeter pids(ControlGroup group);

  /** Whether a cell's memory has to be looked at while it lives. */
  boolean needsLooking(ControlGroup group);

  /** Signals all processes of a cell's groups, and thaws them. */
  void kill(Collection<ControlGroup> groups, ProcessSignals signals) throws IOException;
}
