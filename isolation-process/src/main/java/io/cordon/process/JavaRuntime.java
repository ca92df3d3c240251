package io.cordon.process;

import io.cordon.process.program.JavaCommand;
import io.cordon.process.program.JavaInstallation;
import io.cordon.sandbox.ErrorCode;
import io.cordon.sandbox.SandboxException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/**
 * The Java runtime of this JVM as a cell sees it: at {@code /cordon/java}, without tools and
 * sources, with the dynamic linker and the few libraries that it is linked to. Immutable.
 */
final class JavaRuntime {
  private final FileTree tree;

  private JavaRuntime(FileTree tree) {
    this.tree = tree;
  }

  /** Looks at the runtime that this JVM runs on. */
  static JavaRuntime ofThisJvm() {
    try {
      JavaInstallation java = JavaInstallation.ofThisJvm();
      Path home = java.home();
      FileTree tree = new FileTree();
      tree.bind(home.resolve("bin/java"), JavaCommand.PROGRAM, true);
      for (String directory : JavaInstallation.DIRECTORIES) {
        tree.bind(home.resolve(directory), JavaCommand.HOME.resolve(directory), false);
      }
      for (String directory : JavaInstallation.DIRECTORIES) {
        bindLinksOut(home, home.resolve(directory), tree);
      }
      tree.mirror(java.interpreter(), true);
      java.libraries().forEach(library -> tree.mirror(library, false));
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
        Path seen = JavaCommand.HOME.resolve(home.relativize(link));
        Path target = seen.resolveSibling(Files.readSymbolicLink(link)).normalize();
        if (Files.exists(link) && !tree.covered(target)) {
          tree.bind(link, target, false);
        }
      }
    }
  }

  void show(FileTree to) {
    to.addAll(tree);
  }
}
