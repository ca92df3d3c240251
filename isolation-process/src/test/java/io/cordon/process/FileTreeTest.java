package io.cordon.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.entry;

import io.cordon.process.FileTree.Bind;
import io.cordon.process.FileTree.Link;
import io.cordon.sandbox.SandboxException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileTreeTest {
  private final FileTree tree = new FileTree();
  private Path root = Path.of("/");

  @BeforeEach
  void resolveLinksAboveTheTemporaryDirectory(@TempDir Path directory) throws IOException {
    root = directory.toRealPath();
  }

  @Test
  void parentsComeBeforeWhatIsInThem() throws IOException {
    Files.createDirectories(root.resolve("a-b"));
    tree.bind(root, Path.of("/x/y"), false);
    tree.bind(root, Path.of("/x"), false);
    tree.bind(root, Path.of("/x-z"), false);
    assertThat(tree.nodes().keySet())
        .containsExactly(Path.of("/x"), Path.of("/x-z"), Path.of("/x/y"));
  }

  @Test
  void bindResolvesLinksOfTheHost() throws IOException {
    Path jar = Files.writeString(root.resolve("real.jar"), "");
    Path link = Files.createSymbolicLink(root.resolve("link.jar"), jar);
    tree.bind(link, Path.of("/cordon/lib/link.jar"), false);
    assertThat(tree.nodes())
        .containsExactly(entry(Path.of("/cordon/lib/link.jar"), new Bind(jar, false, false)));
  }

  @Test
  void onlyFilesAndDirectoriesAreShown() {
    assertThatThrownBy(() -> tree.bind(Path.of("/dev/null"), Path.of("/x"), false))
        .isInstanceOf(SandboxException.class)
        .hasMessageContaining("/dev/null is neither a file nor a directory");
    assertThatThrownBy(() -> tree.bind(root.resolve("missing"), Path.of("/x"), false))
        .isInstanceOf(SandboxException.class)
        .hasMessageContaining("missing");
  }

  @Test
  void mirrorKeepsLinksAsTheyAre() throws IOException {
    Path file = Files.writeString(Files.createDirectory(root.resolve("usr")).resolve("f"), "");
    Path relative = Files.createSymbolicLink(root.resolve("lib"), Path.of("usr"));
    Path absolute = Files.createSymbolicLink(root.resolve("abs"), relative);
    tree.mirror(absolute.resolve("f"), true);
    assertThat(tree.nodes())
        .containsOnly(
            entry(absolute, new Link(relative.toString())),
            entry(relative, new Link("usr")),
            entry(file, new Bind(file, false, true)));
  }

  @Test
  void mirrorFollowsLinksOutOfWhatIsShown() throws IOException {
    Path shown = Files.createDirectory(root.resolve("shown"));
    Path outside = Files.writeString(root.resolve("outside"), "");
    Path link = Files.createSymbolicLink(shown.resolve("link"), Path.of("../outside"));
    tree.bind(shown, shown, false);
    tree.mirror(link, false);
    assertThat(tree.nodes())
        .containsOnly(
            entry(shown, new Bind(shown, true, false)),
            entry(outside, new Bind(outside, false, false)));
  }

  @Test
  void mirrorOfWhatIsNotThereIsNothing() throws IOException {
    tree.mirror(root.resolve("missing"), false);
    assertThat(tree.nodes()).isEmpty();
  }

  @Test
  void mirrorOfLoopEnds() throws IOException {
    Files.createSymbolicLink(root.resolve("a"), Path.of("b"));
    Files.createSymbolicLink(root.resolve("b"), Path.of("a"));
    tree.mirror(root.resolve("a"), false);
    assertThat(tree.nodes().values()).noneMatch(Bind.class::isInstance);
  }

  @Test
  void mirrorBelowRootStaysThere() {
    tree.mirror(Path.of("/../../usr"), true);
    assertThat(tree.nodes()).containsOnlyKeys(Path.of("/usr"));
  }
}
