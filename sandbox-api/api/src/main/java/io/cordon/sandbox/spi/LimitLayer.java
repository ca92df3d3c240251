package io.cordon.sandbox.spi;

import io.cordon.policy.SandboxLimits;
import io.cordon.policy.SandboxLimits.Io;
import io.cordon.policy.SandboxLimits.Tuning;
import java.util.Optional;

/**
 * The layers that hold a limit which not every policy sets, by their names. A policy that requires
 * {@code cgroup} requires those of them that it uses.
 */
public enum LimitLayer {
  CPU_WEIGHT("cgroup-cpu-weight"),
  CPUSET("cgroup-cpuset"),
  MEMORY_HIGH("cgroup-memory-high"),
  SWAP("cgroup-memory-swap"),
  IO_MAX("cgroup-io-max"),
  IO_WEIGHT("cgroup-io-weight");

  private final String layer;

  LimitLayer(String layer) {
    this.layer = layer;
  }

  /** The name of the layer in a report. */
  public String layer() {
    return layer;
  }

  /** The one of that name, if it is one. */
  public static Optional<LimitLayer> of(String layer) {
    for (LimitLayer each : values()) {
      if (each.layer.equals(layer)) {
        return Optional.of(each);
      }
    }
    return Optional.empty();
  }

  /** Whether these limits need it. */
  public boolean usedBy(SandboxLimits limits) {
    Tuning tuning = limits.tuning();
    return switch (this) {
      case CPU_WEIGHT -> tuning.cpuWeight() != Tuning.USUAL_WEIGHT;
      case CPUSET -> tuning.cpus().isPresent() || tuning.mems().isPresent();
      case MEMORY_HIGH -> tuning.memoryHigh().isPresent();
      case SWAP -> true; // what says nothing allows none
      case IO_MAX -> !tuning.io().equals(Io.UNLIMITED);
      case IO_WEIGHT -> tuning.ioWeight() != Tuning.USUAL_WEIGHT;
    };
  }
}
