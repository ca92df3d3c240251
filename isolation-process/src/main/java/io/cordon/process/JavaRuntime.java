package io.cordon.process;

import io.cordon.sandbox.ErrorCode;
import io.cordon.sandbox.SandboxException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * The Java runtime of this JVM as a cell sees it: at {@code /cordon/java}, without the tools and
 * sources, with the dynamic linker and the few libraries that it maps. Immutable.
 */
final class JavaRuntime {
  static final Path HOME = Path.of("/cordon/java");
  static final Path PROGRAM = HOME.resolve("bin/java");

  private static final List<String> DIRECTORIES = List.of("lib", "conf");

  /** The system's libraries that a Java runtime is linked to; musl has all but two in one file. */
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

  private final Path home;
  private final Path interpreter;
  private final Optional<Path> libraries;
  private final Map<Path, Path> outside;

  private JavaRuntime(
      Path home, Path interpreter, Optional<Path> libraries, Map<Path, Path> outside) {
    this.home = home;
    this.interpreter = interpreter;
    this.libraries = libraries;
    this.outside = outside;
  }

  /** Looks at the runtime that this JVM runs on. */
  static JavaRuntime ofThisJvm() {
    try {
      Path home = Path.of(System.getProperty("java.home")).toRealPath();
      return new JavaRuntime(
          home, interpreter(home.resolve("bin/java")), libraryDirectory(home), linksOut(home));
    } catch (IOException e) {
      throw new SandboxException(
          ErrorCode.STRATEGY_UNUSABLE, "the Java runtime can't be read: " + e.getMessage(), e);
    }
  }

  /** The dynamic linker that the program names: PT_INTERP of linux/elf.h. */
  private static Path interpreter(Path program) throws IOException {
    byte[] head = new byte[4096];
    try (var in = Files.newInputStream(program)) {
      in.readNBytes(head, 0, head.length);
    }
    ByteBuffer elf = ByteBuffer.wrap(head).order(ByteOrder.LITTLE_ENDIAN);
    int headers = (int) elf.getLong(32);
    int size = elf.getShort(54);
    int count = elf.getShort(56);
    for (int i = 0; i < count; i++) {
      int at = headers + i * size;
      if (elf.getInt(at) == 3) {
        int offset = (int) elf.getLong(at + 8);
        int length = (int) elf.getLong(at + 32) - 1;
        return Path.of(new String(head, offset, length, StandardCharsets.US_ASCII));
      }
    }
    throw new IOException(program + " names no dynamic linker");
  }

  /** Where this JVM's own C library came from; the others are beside it. */
  private static Optional<Path> libraryDirectory(Path home) throws IOException {
    try (Stream<String> maps = Files.lines(Path.of("/proc/self/maps"))) {
      return maps.filter(line -> line.contains("/"))
          .map(line -> Path.of(line.substring(line.indexOf('/'))))
          .filter(path -> !path.startsWith(home))
          .filter(path -> LIBRARIES.contains(path.getFileName().toString()))
          .map(Path::getParent)
          .findFirst();
    }
  }

  /** Distributions keep settings and certificates elsewhere, with links to them. */
  private static Map<Path, Path> linksOut(Path home) throws IOException {
    Map<Path, Path> outside = new TreeMap<>();
    for (String directory : DIRECTORIES) {
      try (Stream<Path> files = Files.walk(home.resolve(directory))) {
        for (Path link : (Iterable<Path>) files.filter(Files::isSymbolicLink)::iterator) {
          if (Files.exists(link)) {
            Path seen = HOME.resolve(home.relativize(link));
            Path target = seen.resolveSibling(Files.readSymbolicLink(link)).normalize();
            if (!target.startsWith(HOME)) {
              outside.put(target, link.toRealPath());
            }
          }
        }
      }
    }
    return outside;
  }

  void show(FileTree tree) {
    tree.bind(home.resolve("bin/java"), PROGRAM, true);
    for (String directory : DIRECTORIES) {
      tree.bind(home.resolve(directory), HOME.resolve(directory), false);
    }
    outside.forEach(
        (at, source) -> {
          if (!tree.covered(at)) {
            tree.bind(source, at, false);
          }
        });
    tree.mirror(interpreter, true);
    libraries.ifPresent(
        directory -> LIBRARIES.forEach(name -> tree.mirror(directory.resolve(name), false)));
  }
}
