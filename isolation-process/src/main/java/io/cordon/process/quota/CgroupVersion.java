package io.cordon.process.quota;

import io.cordon.policy.SandboxLimits;
import io.cordon.policy.TenantLimits;
import io.cordon.sandbox.Usage;
import java.io.IOException;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.LongStream;

/** What differs between the two versions of control groups. Has no state of its own. */
sealed interface CgroupVersion permits CgroupV1, CgroupV2 {

  /** The enforcer's tier. */
  String tier();

  /** The file through which a process joins a group by writing {@code 0}. */
  String joinFile();

  /** Whether a process can be made in a group; then all controllers have the same one. */
  boolean takesTheNewborn();

  /** A file that every group has and nobody needs: it is locked while its application lives. */
  String lockFile();

  /**
   * What is written to hold a cell to its limit; nothing, for a controller that only counts.
   *
   * @param total of its tenant
   */
  List<Setting> settings(Controller controller, SandboxLimits limits, TenantLimits total);

  /**
   * What is written besides when these limits replace others, of which more was said: that what
   * they leave to the kernel is the kernel's usual again.
   */
  List<Setting> usual(Controller controller, SandboxLimits limits);

  /** What is written to hold all cells of a tenant to their total, or to no longer do so. */
  List<Setting> settings(Controller controller, TenantLimits total);

  /** What is written to hold a cell no longer to what may go from and to the disks. */
  List<Setting> unthrottled();

  /** The file with a group's limit of one of the controllers that have a single one. */
  String limitFile(Controller controller);

  /**
   * What a group is limited to, in thousandths of a core, bytes, or processes; empty if it isn't,
   * or has no such file, as the root.
   */
  OptionalLong limit(Controller controller, ControlGroup group);

  /** The least that a group and those around it are limited to, up to the last that can be seen. */
  default OptionalLong leastLimit(Controller controller, ControlGroup innermost) {
    LongStream.Builder limits = LongStream.builder();
    ControlGroup group = innermost;
    while (group.has(limitFile(controller))) {
      limit(controller, group).ifPresent(limits);
      group = group.parent();
    }
    return limits.build().min();
  }

  /** Takes from a tenant's cells what would keep the kernel from lowering the tenant's limit. */
  void makeWay(Controller controller, TenantLimits total, ControlGroup tenant) throws IOException;

  /** Lets the children of a group have controllers. */
  void delegate(ControlGroup group, Set<Controller> controllers) throws IOException;

  MemoryMeter memory(ControlGroup group);

  CpuMeter cpu(ControlGroup group);

  /** Makes a new group one that can be joined. */
  void prepare(ControlGroup group, Set<Controller> controllers) throws IOException;

  /** How what went from and to the disks is counted. */
  FlowFiles.IoCount io(ControlGroup group);

  /** What a cell is kept from by the cpu controller. */
  FlowMeter flow(ControlGroup group);

  MemoryTotal memoryTotal(ControlGroup cell, ControlGroup tenant) throws IOException;

  /** The files of which the kernel says that they have changed; none where it doesn't. */
  List<String> eventFiles(ControlGroup group);

  /** How much a cell is kept waiting, where the kernel knows. */
  Optional<Usage.Pressure> pressure(ControlGroup group) throws IOException;

  /** Whether a cell's memory has to be looked at while it lives. */
  boolean needsLooking(ControlGroup group);

  /**
   * Begins to freeze all processes of a cell's groups. Returns false if they can't be frozen.
   *
   * @see #frozen
   */
  boolean freeze(Collection<ControlGroup> groups) throws IOException;

  /** Whether none of them runs any more, which takes a moment. */
  boolean frozen(Collection<ControlGroup> groups) throws IOException;

  /** Whether somebody may stay half frozen for ever, until all are thawed and begin anew. */
  boolean freezesByHalves();

  void thaw(Collection<ControlGroup> groups) throws IOException;

  /**
   * Makes a cell give memory back until it has no more than it is to have.
   *
   * @throws IOException if it uses more
   */
  void reclaim(ControlGroup group, long memoryMax) throws IOException;

  /** Signals all processes of a cell's groups, and thaws them. */
  void kill(Collection<ControlGroup> groups, ProcessSignals signals) throws IOException;
}
