package io.cordon.engine.policy;

import io.cordon.policy.Policy;
import io.cordon.policy.PolicyDirectory;
import java.nio.file.Path;

/** The policies in a directory. */
public final class PolicyFiles implements PolicySource {
  private final Path path;
  private final PolicyDirectory directory;

  /** Those of this directory; nothing is read yet. */
  public PolicyFiles(Path path) {
    this.path = path;
    this.directory = PolicyDirectory.of(path);
  }

  @Override
  public Policy policy(String tenant) {
    return directory.policy(tenant);
  }

  @Override
  public String fingerprint(String tenant) {
    return directory.fingerprint(tenant);
  }

  @Override
  public Changes changes() {
    return new DirectoryChanges(path);
  }
}
