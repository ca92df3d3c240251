package io.cordon.process.quota;

import io.cordon.process.kernel.Kernel;
import io.cordon.sandbox.Layer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/**
 * Finds the best that this host offers to hold cells to their quotas.
 *
 * <pre>{@code
 * try (QuotaEnforcer quotas = QuotaEnforcers.detect(Path.of("/proc"), kernel)) {
 *   CellQuota quota = quotas.open("acme", "cell-1", limits);
 *   ...
 * }
 * }</pre>
 */
public final class QuotaEnforcers {

  private QuotaEnforcers() {}

  /**
   * Tries control groups of version 2, then of version 1, and settles for watching where neither
   * lets itself be written. Whatever one of the kernel's controllers does not hold is watched. What
   * applications have left that were killed is removed on the way, with the processes in it.
   *
   * @param proc where the table of processes is mounted: {@code /proc}
   * @param kernel kills processes, and tells of events
   */
  public static QuotaEnforcer detect(Path proc, Kernel kernel) {
    return detect(
        OwnGroups.of(proc.resolve("self")),
        new ProcessTable(proc),
        GroupFiles.KERNEL,
        kernel::signal,
        () -> new KernelEvents(kernel));
  }

  static QuotaEnforcer detect(
      OwnGroups own,
      ProcessTable table,
      GroupFiles files,
      ProcessSignals signals,
      Supplier<EventSource> events) {
    BlockDevices disks = BlockDevices.of(Path.of("/sys/block"));
    GroupCleaning cleaning = new GroupCleaning(table, signals);
    Attempt attempt = new CgroupV2Detection(own, table, files, cleaning, disks).attempt();
    if (!attempt.placement().holdsAnything()) {
      Attempt older = new CgroupV1Detection(own, table, files, cleaning, disks).attempt();
      // With neither, the errors of the version that is in use are the ones that help.
      boolean v1Mounted = Attempt.LIMITING.stream().anyMatch(c -> own.v1(c).isPresent());
      if (v1Mounted) {
        attempt = older;
      }
    }
    // Of version 1, and of watching, there are no events to wait for.
    boolean told = attempt.placement().version() instanceof CgroupV2;
    return new HostQuotas(
        attempt.placement(),
        layers(attempt, disks, table),
        table,
        cleaning,
        signals,
        told ? events.get() : EventSource.NONE);
  }

  private static List<Layer> layers(Attempt attempt, BlockDevices disks, ProcessTable table) {
    List<Layer> layers = new ArrayList<>();
    attempt.findings().forEach((controller, finding) -> layers.add(finding.layer(controller)));
    layers.addAll(new LimitLayers(attempt.placement(), disks, table.proc().resolve("swaps")).all());
    return List.copyOf(layers);
  }
}
