package io.cordon.process.quota;

import io.cordon.policy.Protection;
import io.cordon.sandbox.Layer;
import io.cordon.sandbox.spi.LimitLayer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Which of the limits that few policies set the host's control groups hold. */
final class LimitLayers {
  private static final String V1_IO_MAX = "blkio.throttle.read_bps_device";

  private final Placement placement;
  private final BlockDevices disks;
  private final Path swaps;

  /**
   * Looks at groups that this application has made.
   *
   * @param swaps where the kernel lists what it swaps to
   */
  LimitLayers(Placement placement, BlockDevices disks, Path swaps) {
    this.placement = placement;
    this.disks = disks;
    this.swaps = swaps;
  }

  List<Layer> all() {
    List<Layer> layers = new ArrayList<>();
    for (LimitLayer layer : LimitLayer.values()) {
      layers.add(layer(layer));
    }
    return layers;
  }

  private Layer layer(LimitLayer layer) {
    return switch (layer) {
      case CPU_WEIGHT -> byFile(layer, Controller.CPU, "cpu.weight", "cpu.shares");
      case CPUSET -> byFile(layer, Controller.CPUSET, "cpuset.cpus");
      case MEMORY_HIGH -> byFile(layer, Controller.MEMORY, "memory.high");
      case SWAP -> swap(layer);
      case IO_MAX ->
          disks.numbers().isEmpty()
              ? of(layer, Layer.State.MISSING, "no disk is listed in /sys/block", "")
              : ioMax(layer);
      case IO_WEIGHT -> ioWeight(layer);
    };
  }

  private Layer byFile(LimitLayer layer, Controller controller, String... files) {
    Optional<ControlGroup> group = placement.group(controller).map(ApplicationGroup::group);
    if (group.isEmpty()) {
      return of(
          layer,
          Layer.State.MISSING,
          "no group of the controller %s can be written".formatted(controller.kernelName()),
          Attempt.DELEGATE);
    }
    for (String file : files) {
      if (group.get().has(file)) {
        return of(layer, Layer.State.IN_FORCE, placement.version().tier() + ": " + file, "");
      }
    }
    return of(
        layer,
        Layer.State.MISSING,
        "%s has no %s".formatted(placement.version().tier(), files[0]),
        "control groups of version 2, on a kernel that has it");
  }

  private Layer swap(LimitLayer layer) {
    try {
      if (Files.readAllLines(swaps).size() <= 1) {
        return of(layer, Layer.State.IN_FORCE, "this host swaps to nothing", "");
      }
    } catch (IOException e) {
      // then it is the controller's to say
    }
    return byFile(layer, Controller.MEMORY, "memory.swap.max", "memory.memsw.limit_in_bytes");
  }

  /** Of version 1, who has written a page is forgotten before it goes to the disk. */
  private Layer ioMax(LimitLayer layer) {
    Layer found = byFile(layer, Controller.IO, "io.max", V1_IO_MAX);
    return found.detail().endsWith(V1_IO_MAX)
        ? of(
            layer,
            found.state(),
            found.detail() + ", for reads and direct writes: what is written back later is free",
            "")
        : found;
  }

  /** The kernel takes a weight for a disk whose scheduler then disregards it. */
  private Layer ioWeight(LimitLayer layer) {
    Layer found = byFile(layer, Controller.IO, "io.weight", "io.bfq.weight", "blkio.bfq.weight");
    return found.state() == Layer.State.IN_FORCE && !disks.weighed()
        ? of(
            layer,
            Layer.State.ADVISORY,
            found.detail() + ", but no disk has a scheduler that heeds it",
            "echo bfq > /sys/block/DISK/queue/scheduler")
        : found;
  }

  private static Layer of(LimitLayer layer, Layer.State state, String detail, String remedy) {
    return new Layer(
        layer.layer(),
        Optional.of(Protection.CGROUP),
        state,
        detail,
        state == Layer.State.IN_FORCE ? "" : remedy);
  }
}
