package io.cordon.policy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * A directory with one policy file per tenant ({@code acme.yaml}), a {@code defaults.yaml} that
 * fills keys that a tenant leaves out, and a {@code ceiling.yaml} that no tenant gets beyond.
 *
 * <p>Safe for use by several threads.
 */
public final class PolicyDirectory {
  private final Path directory;

  private PolicyDirectory(Path directory) {
    this.directory = directory;
  }

  /** Opens a directory; nothing is read yet. */
  public static PolicyDirectory of(Path directory) {
    return new PolicyDirectory(directory);
  }

  /**
   * Reads, merges and checks the policy of one tenant.
   *
   * @throws PolicyException if there is no such tenant, or one of the files is wrong
   */
  public Policy policy(String tenant) {
    Path file = directory.resolve(tenant + ".yaml");
    if (!Files.isRegularFile(file)) {
      throw new PolicyException(
          List.of(
              new PolicyProblem(
                  file.toString(),
                  1,
                  1,
                  PolicyProblem.Code.UNKNOWN_TENANT,
                  "there is no policy for the tenant " + tenant)));
    }
    throw new PolicyException(
        List.of(
            new PolicyProblem(file.toString(), 1, 1, PolicyProblem.Code.SYNTAX, "not parsed yet")));
  }
}
