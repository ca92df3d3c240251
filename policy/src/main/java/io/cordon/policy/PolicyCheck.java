package io.cordon.policy;

import java.util.List;

/**
 * What was found in a whole directory of policies.
 *
 * @param files the files that were read, with their directory
 * @param problems what is wrong with them, file by file; empty if all is well
 */
public record PolicyCheck(List<String> files, List<PolicyProblem> problems) {

  public PolicyCheck {
    files = List.copyOf(files);
    problems = List.copyOf(problems);
  }
}
