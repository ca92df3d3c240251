package io.cordon.policy;

import java.util.List;
import java.util.stream.Collectors;

/**
 * A policy that can't be used: every problem found in its files, each file's in the order of its
 * lines. The message has one line for each.
 */
public final class PolicyException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final List<PolicyProblem> problems;

  /** Creates the exception; there is at least one problem. */
  public PolicyException(List<PolicyProblem> problems) {
    super(problems.stream().map(PolicyProblem::toString).collect(Collectors.joining("\n")));
    this.problems = List.copyOf(problems);
  }

  /** The problems; at least one. */
  public List<PolicyProblem> problems() {
    return problems;
  }
}
