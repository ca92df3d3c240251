package io.cordon.sandbox;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * What isolates a workload, and why.
 *
 * @param strategy the strategy's name ({@code process}, {@code vm}), or {@code none} when it was
 *     refused
 * @param tier how limits are enforced: {@code cgroup-v2}, {@code cgroup-v1} or {@code rlimit}; or
 *     {@code none}
 * @param reasons why this strategy, and why not the others, in plain words
 * @param layers every layer, in force or missing
 * @param launch what it has cost here: how long its launch took, until it could work; measured. Of
 *     a sandbox that had waited for work, when it was launched; empty as long as there is none
 */
public record Isolation(
    String strategy,
    String tier,
    List<String> reasons,
    List<Layer> layers,
    Optional<Duration> launch) {

  public Isolation {
    reasons = List.copyOf(reasons);
    layers = List.copyOf(layers);
  }

  /** What will isolate a workload: nothing is launched yet. */
  public Isolation(String strategy, String tier, List<String> reasons, List<Layer> layers) {
    this(strategy, tier, reasons, layers, Optional.empty());
  }

  /** The same, for other reasons. */
  public Isolation because(List<String> others) {
    return new Isolation(strategy, tier, others, layers, launch);
  }

  /** The same, once it is launched. */
  public Isolation launchedIn(Duration time) {
    return new Isolation(strategy, tier, reasons, layers, Optional.of(time));
  }

  /** Nothing isolates it, for it does not run. */
  public static Isolation refused(List<String> reasons) {
    return new Isolation("none", "none", reasons, List.of());
  }
}
