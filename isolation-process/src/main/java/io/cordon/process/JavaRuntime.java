package io.cordon.process;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.cordon.sandbox.ErrorCode;
import io.cordon.sandbox.SandboxException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The Java runtime of this JVM as a cell sees it: at {@code /cordon/java}, without tools and
 * sources, with the dynamic linker and the few libraries that it is linked to. Immutable.
 */
final class JavaRuntime {
  static final Path HOME = Path.of("/cordon/java");
  static final Path PROGRAM = HOME.resolve("bin/java");

  private static final List<String> DIRECTORIES = List.of("lib", "conf");

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

  private static final int PT_INTERP = 3; // linux/elf.h
  private static final int ELF_HEAD = 4096;

  private final FileTree tree;

  private JavaRuntime(FileTree tree) {
    this.tree = tree;
  }

  /** Looks at the runtime that this JVM runs on. */
  static JavaRuntime ofThisJvm() {
    try {
      Path home = Path.of(System.getProperty("java.home")).toRealPath();
      FileTree tree = new FileTree();
      tree.bind(home.resolve("bin/java"), PROGRAM, true);
      for (String directory : DIRECTORIES) {
        tree.bind(home.resolve(directory), HOME.resolve(directory), false);
      }
      for (String directory : DIRECTORIES) {
        bindLinksOut(home, home.resolve(directory), tree);
      }
      tree.mirror(interpreter(home.resolve("bin/java")), true);
      libraryDirectory(home)
          .ifPresent(system -> LIBRARIES.forEach(name -> tree.mirror(system.resolve(name), false)));
      return new JavaRuntime(tree);
    } catch (IOException e) {
      throw new SandboxException(
          ErrorCode.STRATEGY_UNUSABLE, "the Java runtime can't be read: " + e, e);
    }
  }

  /** Distributions keep settings and certificates elsewhere, with links to them. */
  private static void bindLinksOut(Path home, Path directory, FileTree tree) throws IOException {
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path link : (Iterable<Path>) files.filter(Files::isSymbolicLink)::iterator) {
        Path seen = HOME.resolve(home.relativize(link));
        Path target = seen.resolveSibling(Files.readSymbolicLink(link)).normalize();
        if (Files.exists(link) && !tree.covered(target)) {
          tree.bind(link, target, false);
        }
      }
    }
  }

  /** The dynamic linker that a program names. */
  private static Path interpreter(Path program) throws IOException {
    byte[] head = new byte[ELF_HEAD];
    try (var in = Files.newInputStream(program)) {
      in.readNBytes(head, 0, head.length);
    }
    ByteBuffer elf = ByteBuffer.wrap(head).order(ByteOrder.LITTLE_ENDIAN);
    int headers = (int) elf.getLong(32);
    int size = elf.getShort(54);
    int count = elf.getShort(56);
    for (int at = headers; at < headers + count * size; at += size) {
      if (elf.getInt(at) == PT_INTERP) {
        int length = (int) elf.getLong(at + 32) - 1; // it ends with a zero
        return Path.of(new String(head, (int) elf.getLong(at + 8), length, US_ASCII));
      }
    }
    throw new IOException(program + " names no dynamic linker");
  }

  /** Where this JVM's own C library came from; the others are beside it. */
  private static Optional<Path> libraryDirectory(Path home) throws IOException {
    try (Stream<String> maps = Files.lines(Path.of("/proc/self/maps"))) {
      return maps.filter(line -> line.indexOf('/') >= 0)
          .map(line -> Path.of(line.substring(line.indexOf('/'))))
          .filter(path -> !path.startsWith(home))
          .filter(path -> LIBRARIES.contains(String.valueOf(path.getFileName())))
          .map(path -> path.resolveSibling(""))
          .findFirst();
    }
  }

  void show(FileTree to) {
    to.addAll(tree);
  }
}
