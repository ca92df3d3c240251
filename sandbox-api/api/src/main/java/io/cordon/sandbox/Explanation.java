package io.cordon.sandbox;

import java.util.List;

/**
 * What would be done with a workload.
 *
 * @param isolation what would isolate it, and why
 * @param plan the steps of its launch, one a line, in the order in which they would be taken; empty
 *     when it would be refused
 * @param limits what {@code cpu.max}, {@code memory.max} and {@code pids.max} come to, and who
 *     decides it; empty when it would be refused
 */
public record Explanation(Isolation isolation, List<String> plan, List<EffectiveLimit> limits) {

  public Explanation {
    plan = List.copyOf(plan);
    limits = List.copyOf(limits);
  }
}
