package io.cordon.samples.pluginhost;

import java.io.IOException;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.stream.Stream;

/** The policies and plugins of the build that is tested. */
final class Installed {
  private Installed() {}

  static Path policies() {
    return directory("policies");
  }

  static Path plugins() {
    return directory("plugins");
  }

  /** The policies once more, in a directory where a test may change them. */
  static Path copyOfPolicies(Path directory) throws IOException {
    try (Stream<Path> files = Files.list(policies())) {
      for (Path file : files.toList()) {
        Files.copy(file, directory.resolve(file.getFileName()));
      }
    }
    return directory;
  }

  private static Path directory(String name) {
    // Found by the class path: the tests also run from a copy, with another working directory.
    URL url = Installed.class.getResource("/installed/" + name);
    try {
      return Path.of(Objects.requireNonNull(url, "package the module first").toURI());
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }
}
