package io.cordon.policy;

import io.cordon.policy.PolicyProblem.Code;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Gathers what is wrong with one file; bounded, so that a hostile file can't fill memory. */
final class Problems {
  static final int MOST = 32;

  private final String file;
  private final List<PolicyProblem> found = new ArrayList<>();

  Problems(String file) {
    this.file = file;
  }

  /**
   * Adds a problem.
   *
   * @throws PolicyException with all of them, if there are too many to go on
   */
  void add(Position at, Code code, String message) {
    if (found.size() == MOST) {
      throw fatal(at, Code.TOO_LARGE, "more than " + MOST + " problems: the rest is not listed");
    }
    found.add(new PolicyProblem(file, at.line(), at.column(), code, message));
  }

  /** All problems so far and this one, after which reading can't go on. */
  PolicyException fatal(Position at, Code code, String message) {
    List<PolicyProblem> all = inOrder();
    all.add(new PolicyProblem(file, at.line(), at.column(), code, message));
    return new PolicyException(all);
  }

  /** Throws what was found, if anything was. */
  void throwIfAny() {
    if (!found.isEmpty()) {
      throw new PolicyException(inOrder());
    }
  }

  private List<PolicyProblem> inOrder() {
    List<PolicyProblem> all = new ArrayList<>(found);
    all.sort(Comparator.comparingInt(PolicyProblem::line).thenComparingInt(PolicyProblem::column));
    return all;
  }
}
