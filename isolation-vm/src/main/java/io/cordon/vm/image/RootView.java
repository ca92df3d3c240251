package io.cordon.vm.image;

import io.cordon.process.program.RootDirectory;
import io.cordon.vm.guest.RootTree;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Puts a root directory of the host into a root: all that it shows, and nothing else. */
final class RootView {
  private static final Path TOP = Path.of("/");

  private RootView() {}

  /** What a program with this root sees. */
  static View of(RootDirectory root) throws IOException {
    RootTree tree = new RootTree();
    List<Shown> shown = new ArrayList<>();
    Map<Path, String> links = new TreeMap<>();
    for (Path name : root.directories()) {
      Path at = TOP.resolve(name);
      tree.copyUnfollowed(root.path().resolve(name), at);
      shown.add(new Shown(at, true, true));
    }
    root.links()
        .forEach(
            (name, target) -> {
              Path at = TOP.resolve(name);
              tree.link(at.toString(), target);
              links.put(at, target);
            });
    return new View(tree, shown, links, List.of());
  }
}
