package io.cordon.harness;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A directory of policy files whose defaults are roomy enough for anything that behaves.
 *
 * @param path where it is
 */
public record PolicyFolder(Path path) {

  /** Writes the defaults, for one strategy, into an empty directory. */
  public static PolicyFolder in(Path directory, StrategyUnderTest strategy) {
    PolicyFolder folder = new PolicyFolder(directory);
    folder.write(
        "defaults",
        """
        isolation: %s
        limits:
          tasks.concurrent: 64
        sandbox:
          cpu.max: 2000m
          memory.max: 256Mi
          pids.max: 128
          disk.max: { bytes: 64Mi, inodes: 4k }
        task:
          wall.max: 60s
          output.max: 4Mi
          start.max: 60s
        """
            .formatted(strategy.policy()));
    return folder;
  }

  /** Adds a tenant. */
  public PolicyFolder tenant(String name, String policy) {
    write(name, policy.isBlank() ? "tenant: " + name + "\n" : policy);
    return this;
  }

  private void write(String name, String text) {
    try {
      Files.writeString(path.resolve(name + ".yaml"), text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
