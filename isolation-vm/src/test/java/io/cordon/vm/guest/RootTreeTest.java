package io.cordon.vm.guest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cordon.vm.guest.RootTree.HostFile;
import io.cordon.vm.guest.RootTree.Link;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RootTreeTest {
  @TempDir Path temporary;
  private Path host;
  private final RootTree tree = new RootTree();

  @BeforeEach
  void resolve() throws IOException {
    host = temporary.toRealPath();
  }

  @Test
  void hasThePlacesForWhatAGuestMounts() {
    assertThat(tree.nodes().keySet().stream().map(Path::toString))
        .containsExactlyInAnyOrder("/dev", "/proc", "/sys", "/tmp", "/run");
  }

  @Test
  void directoryIsCopiedWithItsLinksAndWithoutWhatIsNotWanted() throws IOException {
    Files.createDirectories(host.resolve("d/unwanted"));
    Files.writeString(host.resolve("d/unwanted/f"), "");
    Files.writeString(host.resolve("d/file"), "");
    Files.createSymbolicLink(host.resolve("d/link"), Path.of("../elsewhere"));
    tree.copy(host.resolve("d"), "/at", path -> !path.endsWith("unwanted"));
    assertThat(tree.nodes())
        .containsEntry(Path.of("/at/file"), new HostFile(host.resolve("d/file"), false))
        .containsEntry(Path.of("/at/link"), new Link("../elsewhere"))
        .doesNotContainKey(Path.of("/at/unwanted"))
        .doesNotContainKey(Path.of("/at/unwanted/f"));
  }

  @Test
  void mirrorKeepsEveryLinkOnTheWay() throws IOException {
    Files.createDirectories(host.resolve("usr/lib"));
    Files.writeString(host.resolve("usr/lib/libx.so.1.2"), "");
    Files.createSymbolicLink(host.resolve("usr/lib/libx.so.1"), Path.of("libx.so.1.2"));
    Files.createSymbolicLink(host.resolve("lib"), Path.of("usr/lib"));
    Path real = host.resolve("usr/lib/libx.so.1.2");
    tree.mirror(host.resolve("lib/libx.so.1"));
    assertThat(tree.nodes())
        .containsEntry(host.resolve("lib"), new Link("usr/lib"))
        .containsEntry(host.resolve("usr/lib/libx.so.1"), new Link("libx.so.1.2"))
        .containsEntry(real, new HostFile(real, false));
  }

  @Test
  void mirrorGoesUpFromWhereALinkLeads() throws IOException {
    Files.createDirectories(host.resolve("a/b"));
    Files.writeString(host.resolve("a/f"), "");
    Files.createSymbolicLink(host.resolve("link"), Path.of("a/b"));
    tree.mirror(host.resolve("link/../f"));
    assertThat(tree.nodes())
        .containsEntry(host.resolve("a/f"), new HostFile(host.resolve("a/f"), false));
  }

  @Test
  void linksThatNeverEndAreRefused() throws IOException {
    Files.createSymbolicLink(host.resolve("x"), Path.of("x"));
    assertThatThrownBy(() -> tree.mirror(host.resolve("x"))).hasMessageContaining("too many links");
  }

  @Test
  void pathsThatLeadOutAreRefused() {
    for (String path : new String[] {"relative", "/", "/a/../../b", "/a//../b"}) {
      assertThatThrownBy(() -> tree.text(path, "")).as(path).hasMessageContaining(path);
    }
  }
}
