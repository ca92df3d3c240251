package io.cordon.vm.image;

import io.cordon.process.program.JavaCommand;
import io.cordon.process.program.JavaInstallation;
import io.cordon.vm.guest.RootTree;
import io.cordon.vm.guest.RootTree.HostFile;
import io.cordon.vm.guest.RootTree.Link;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/** Puts a Java runtime, the libraries that it is linked to, and jars into a root. */
final class JavaView {
  // What a runtime that could not be linked anew has for those who compile.
  private static final List<String> NOT_TO_RUN = List.of("src.zip", "ct.sym", "jrt-fs.jar");

  private JavaView() {}

  /**
   * What a Java program sees.
   *
   * @param runtime the directory of the runtime that the guest has
   * @param java the host's own, which names the system's libraries
   * @param files the files of the program, by where they are in the cell
   */
  static View of(Path runtime, JavaInstallation java, Map<Path, Path> files) throws IOException {
    RootTree tree = new RootTree();
    List<Shown> shown = new ArrayList<>();
    Map<Path, String> links = new TreeMap<>();
    addSystem(tree, java, shown, links);

    tree.copy(runtime.resolve("bin/java"), JavaCommand.PROGRAM.toString());
    shown.add(new Shown(JavaCommand.PROGRAM, false, true));
    for (String name : JavaInstallation.DIRECTORIES) {
      Path at = JavaCommand.HOME.resolve(name);
      addDirectory(tree, runtime, runtime.resolve(name), at);
      shown.add(new Shown(at, true, false));
    }

    tree.directory(JavaCommand.CLASS_PATH.toString());
    shown.add(new Shown(JavaCommand.CLASS_PATH, true, false));
    for (Map.Entry<Path, Path> file : files.entrySet()) {
      tree.copy(file.getValue(), file.getKey().toString());
      if (!file.getKey().startsWith(JavaCommand.CLASS_PATH)) {
        shown.add(new Shown(file.getKey(), false, false));
      }
    }
    return new View(tree, shown, links, List.copyOf(files.values()));
  }

  /** File by file: of what is executable there, a Java program needs the linker alone. */
  private static void addSystem(
      RootTree tree, JavaInstallation java, List<Shown> shown, Map<Path, String> links)
      throws IOException {
    RootTree system = new RootTree().mirror(java.interpreter());
    Path linker = java.interpreter().toRealPath();
    for (Path library : java.libraries()) {
      system.mirror(library);
    }
    system
        .nodes()
        .forEach(
            (at, node) -> {
              if (node instanceof HostFile) {
                shown.add(new Shown(at, false, at.equals(linker)));
              } else if (node instanceof Link(String target)) {
                links.put(at, target);
              }
            });
    tree.addAll(system);
  }

  /** Distributions keep settings and certificates elsewhere, with links to them. */
  private static void addDirectory(RootTree tree, Path home, Path directory, Path at)
      throws IOException {
    tree.copy(directory, at.toString(), JavaView::isWanted);
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path link : (Iterable<Path>) files.filter(Files::isSymbolicLink)::iterator) {
        if (isWanted(link) && Files.exists(link) && !link.toRealPath().startsWith(home)) {
          tree.copy(link, at.resolve(directory.relativize(link)).toString());
        }
      }
    }
  }

  private static boolean isWanted(Path path) {
    return !NOT_TO_RUN.contains(String.valueOf(path.getFileName()));
  }
}
