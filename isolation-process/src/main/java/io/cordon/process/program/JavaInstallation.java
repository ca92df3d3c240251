package io.cordon.process.program;

import io.cordon.sandbox.ErrorCode;
import io.cordon.sandbox.SandboxException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A Java runtime of the host, and what of the system it is linked to. Immutable.
 *
 * @param home its directory, with no link on the way to it
 * @param interpreter the dynamic linker that it names
 * @param libraries the system's libraries that it may use and the host has
 */
public record JavaInstallation(Path home, Path interpreter, List<Path> libraries) {
  /** What programs need of its directory at run time, beside {@code bin/java}. */
  public static final List<String> DIRECTORIES = List.of("lib", "conf");

  /** The system's libraries that a Java runtime uses; musl has most of them in its first. */
  private static final List<String> LIBRARIES =
      List.of(
          "libc.so.6",
          "libm.so.6",
          "libdl.so.2",
          "libpthread.so.0",
          "librt.so.1",
          "libz.so.1",
          "libgcc_s.so.1",
          "libstdc++.so.6");

  public JavaInstallation {
    libraries = List.copyOf(libraries);
  }

  /**
   * The one that this JVM runs on.
   *
   * @throws SandboxException {@link ErrorCode#STRATEGY_UNUSABLE} if it can't be read
   */
  public static JavaInstallation ofThisJvm() {
    try {
      Path home = Path.of(System.getProperty("java.home")).toRealPath();
      Path program = home.resolve("bin/java");
      if (Executable.of(program) instanceof Executable.Machine(Optional<Path> linker)) {
        return new JavaInstallation(
            home,
            linker.orElseThrow(() -> new IOException(program + " names no dynamic linker")),
            libraries(home));
      }
      throw new IOException(program + " is no program");
    } catch (IOException e) {
      throw new SandboxException(
          ErrorCode.STRATEGY_UNUSABLE, "the Java runtime can't be read: " + e, e);
    }
  }

  /** Those beside this JVM's own C library. */
  private static List<Path> libraries(Path home) throws IOException {
    try (Stream<String> maps = Files.lines(Path.of("/proc/self/maps"))) {
      return maps.filter(line -> line.indexOf('/') >= 0)
          .map(line -> Path.of(line.substring(line.indexOf('/'))))
          .filter(path -> !path.startsWith(home))
          .filter(path -> LIBRARIES.contains(String.valueOf(path.getFileName())))
          .findFirst()
          .map(
              known -> LIBRARIES.stream().map(known::resolveSibling).filter(Files::exists).toList())
          .orElse(List.of());
    }
  }
}
