package io.cordon.sandbox;

import java.util.List;

/**
 * What would be done with a workload.
 *
 * @param isolation what would isolate it, and why
 * @param plan the steps of its launch, one a line, in the order in which they would be taken; empty
 *     when it would be refused
 */
public record Explanation(Isolation isolation, List<String> plan) {

  public Explanation {
    plan = List.copyOf(plan);
  }
}
