package io.cordon.policy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** A policy directory for a test. */
record PolicyFiles(Path directory) {

  PolicyFiles with(String file, String text) {
    try {
      Files.writeString(directory.resolve(file), text);
      return this;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  PolicyFiles acme(String rest) {
    return with("acme.yaml", "tenant: acme\n" + rest);
  }

  Policy policy() {
    return PolicyDirectory.of(directory).policy("acme");
  }

  PolicyExplanation explanation() {
    return PolicyDirectory.of(directory).explain("acme");
  }

  /** How the effective value of a key is explained: {@code 64 from built in}. */
  String explained(String key) {
    return explanation().values().stream()
        .filter(value -> value.key().equals(key))
        .map(value -> value.value() + " from " + value.origin())
        .findFirst()
        .orElseThrow();
  }

  /** What is wrong with the policy of acme; nothing if it is right. */
  List<PolicyProblem> problems() {
    try {
      policy();
      return List.of();
    } catch (PolicyException e) {
      return e.problems();
    }
  }

  /** The same, without the directory: {@code acme.yaml:2:3: BAD_VALUE: …}. */
  List<String> messages() {
    String prefix = directory.toString() + directory.getFileSystem().getSeparator();
    return problems().stream().map(problem -> problem.toString().replace(prefix, "")).toList();
  }
}
