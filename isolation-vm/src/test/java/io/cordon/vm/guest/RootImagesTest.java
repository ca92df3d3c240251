package io.cordon.vm.guest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.cordon.vm.host.HostTool;
import io.cordon.vm.host.PrivateCache;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RootImagesTest {
  private static final HostTool FSCK = new HostTool("fsck.erofs", "erofs-utils");

  @TempDir Path directory;
  private final List<String> progress = new ArrayList<>();
  private RootImages images;

  @BeforeEach
  void openThem() {
    assumeThat(FSCK.find()).as("the tools of erofs (package erofs-utils)").isPresent();
    images = open(directory);
  }

  private RootImages open(Path base) {
    return new RootImages(PrivateCache.open(base.resolve("cache")), progress::add);
  }

  private RootTree tree() throws IOException {
    Path program = Files.writeString(directory.resolve("program"), "#!");
    Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwx------"));
    return new RootTree().text("/etc/name", "guest").link("/name", "etc/name").copy(program, "/p");
  }

  @Test
  void imageIsAFileSystemForItsOwnerAlone() throws IOException {
    Path image = images.image(tree()).file();
    assertThat(FSCK.run(directory, Duration.ofMinutes(1), List.of(image.toString())))
        .matches(HostTool.Result::succeeded);
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(image)))
        .isEqualTo("rw-------");
    assertThat(image.getParent()).isDirectoryNotContaining("glob:**/staging");
  }

  @Test
  void sameContentIsMadeOnce() throws IOException {
    RootImage first = images.image(tree());
    assertThat(images.image(tree())).isEqualTo(first);
    assertThat(progress).hasSize(1);
  }

  @Test
  void eachDifferenceIsAnotherImage() throws IOException {
    Path plain = Files.writeString(directory.resolve("plain"), "#!");
    assertThat(
            Stream.of(
                    tree(),
                    tree().text("/etc/name", "other"),
                    tree().link("/name", "etc/other"),
                    tree().directory("/empty"),
                    tree().text("/etc/name2", "guest"),
                    tree().copy(plain, "/p")) // not executable
                .map(each -> images.image(each).key()))
        .doesNotHaveDuplicates();
  }

  @Test
  void damagedImageIsMadeAnew() throws IOException {
    RootImage image = images.image(tree());
    byte[] good = Files.readAllBytes(image.file());
    byte[] bad = good.clone();
    bad[bad.length - 1] ^= 1;
    Files.write(image.file(), bad);
    assertThat(open(directory).image(tree())).isEqualTo(image);
    assertThat(image.file()).hasBinaryContent(good);
    assertThat(progress).anyMatch(line -> line.contains("damaged"));
  }

  @Test
  void nothingUnfinishedStays() throws IOException {
    images.image(tree());
    try (Stream<Path> entries = Files.list(directory.resolve("cache"))) {
      assertThat(entries).hasSize(1);
    }
  }

  @Test
  void imagesThatAreHandedOutStayWhateverTheBudget() throws IOException {
    RootImages small =
        new RootImages(PrivateCache.open(directory.resolve("small")), 1, progress::add);
    RootImage one = small.image(new RootTree().text("/one", "1"));
    RootImage two = small.image(new RootTree().text("/two", "2"));
    assertThat(one.file()).exists();
    assertThat(two.file()).exists();
  }

  @Test
  void imageUnusedForLongestIsRemovedBeyondTheBudget() throws IOException {
    PrivateCache cache = PrivateCache.open(directory.resolve("small"));
    RootImage old;
    try (RootImages earlier = new RootImages(cache, progress::add)) {
      old = earlier.image(new RootTree().text("/one", "1"));
    }
    RootImages small = new RootImages(cache, 1, progress::add);
    RootImage image = small.image(new RootTree().text("/two", "2"));
    assertThat(old.file()).doesNotExist();
    assertThat(image.file()).exists();
    assertThat(small.image(new RootTree().text("/one", "1")).file()).exists();
  }
}
