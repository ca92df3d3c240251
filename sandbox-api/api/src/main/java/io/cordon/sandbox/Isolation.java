package io.cordon.sandbox;

import java.util.List;

/**
 * What isolates a workload, and why.
 *
 * @param strategy the strategy's name ({@code process}, {@code vm}), or {@code none} when it was
 *     refused
 * @param tier how limits are enforced: {@code cgroup-v2}, {@code cgroup-v1} or {@code rlimit}; or
 *     {@code none}
 * @param reasons why this strategy, and why not the others, in plain words
 * @param layers every layer, in force or missing
 */
public record Isolation(String strategy, String tier, List<String> reasons, List<Layer> layers) {

  public Isolation {
    reasons = List.copyOf(reasons);
    layers = List.copyOf(layers);
  }

  /** Nothing isolates it, for it does not run. */
  public static Isolation refused(List<String> reasons) {
    return new Isolation("none", "none", reasons, List.of());
  }
}
