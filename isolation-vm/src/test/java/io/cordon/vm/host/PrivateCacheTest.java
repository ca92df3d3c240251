package io.cordon.vm.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cordon.sandbox.SandboxException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PrivateCacheTest {
  @TempDir Path directory;

  @Test
  void isForItsOwnerAlone() throws IOException {
    PrivateCache cache = PrivateCache.open(directory.resolve("a/b"));
    Path entry = cache.get("k", each -> Files.writeString(each.resolve("f"), "x"));
    for (Path each : new Path[] {directory.resolve("a/b"), entry}) {
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(each)))
          .isEqualTo("rwx------");
    }
  }

  @Test
  void directoryThatOthersMayWriteIsRefused() throws IOException {
    Path open = Files.createDirectory(directory.resolve("open"));
    Files.setPosixFilePermissions(open, PosixFilePermissions.fromString("rwxrwxrwx"));
    assertThatThrownBy(() -> PrivateCache.open(open))
        .isInstanceOf(SandboxException.class)
        .hasMessageContaining("chmod 700");
  }

  @Test
  void failedEntryLeavesNothing() throws IOException {
    PrivateCache cache = PrivateCache.open(directory.resolve("c"));
    assertThatThrownBy(
            () ->
                cache.get(
                    "k",
                    each -> {
                      Files.writeString(each.resolve("half"), "");
                      throw new IOException("no more space");
                    }))
        .hasMessageContaining("no more space");
    try (Stream<Path> left = Files.list(directory.resolve("c"))) {
      assertThat(left).isEmpty();
    }
  }

  @Test
  void whoIsSlowerTakesWhatIsThere() throws IOException {
    PrivateCache cache = PrivateCache.open(directory.resolve("c"));
    Path entry =
        cache.get(
            "k",
            slow -> {
              cache.get("k", fast -> Files.writeString(fast.resolve("f"), "fast"));
              Files.writeString(slow.resolve("f"), "slow");
            });
    assertThat(entry.resolve("f")).hasContent("fast");
  }

  @Test
  void linksAreRemovedNotFollowed() throws IOException {
    Path precious = Files.writeString(directory.resolve("precious"), "x");
    PrivateCache cache = PrivateCache.open(directory.resolve("c"));
    cache.get("k", each -> Files.createSymbolicLink(each.resolve("link"), precious));
    cache.remove("k");
    assertThat(cache.entry("k")).doesNotExist();
    assertThat(precious).exists();
  }

  @Test
  void keyThatIsAPathIsRefused() {
    PrivateCache cache = PrivateCache.open(directory.resolve("c"));
    for (String key : new String[] {"", "..", "a/b", ".hidden"}) {
      assertThatThrownBy(() -> cache.entry(key)).isInstanceOf(IllegalArgumentException.class);
    }
  }
}
