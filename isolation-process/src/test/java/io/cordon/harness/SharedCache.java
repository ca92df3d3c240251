package io.cordon.harness;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The cache directory of all test classes of one user: what a worker needs is made once. */
public final class SharedCache {

  private SharedCache() {}

  /** The directory; whoever opens sandboxes makes it. */
  public static Path directory() {
    String given = System.getProperty("cordon.it.cache");
    return given != null ? Path.of(given) : temporary().resolve("it-cache-of-cordon-" + uid());
  }

  private static Path temporary() {
    String directory = System.getenv("TMPDIR");
    return Path.of(directory != null ? directory : System.getProperty("java.io.tmpdir"));
  }

  private static Object uid() {
    try {
      return Files.getAttribute(Path.of("/proc/self"), "unix:uid");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
