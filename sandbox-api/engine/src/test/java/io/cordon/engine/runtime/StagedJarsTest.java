package io.cordon.engine.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cordon.engine.Foreign;
import io.cordon.engine.runtime.StagedJars.StagedJar;
import io.cordon.sandbox.ErrorCode;
import io.cordon.sandbox.SandboxException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StagedJarsTest {
  @TempDir Path cache;

  private Path directory;
  private StagedJars jars;

  @BeforeEach
  void begin() {
    directory = cache.resolve("jars");
    jars = new StagedJars(directory);
  }

  @Test
  void aJarIsKeptByWhatItHolds() throws IOException {
    StagedJar one = stage("one");

    assertThat(stage("one")).isEqualTo(one);
    assertThat(stage("two").path()).isNotEqualTo(one.path());
    assertThat(one.path()).hasContent("one");
    assertThat(one.path()).isEqualTo(directory.resolve(one.digest()).resolve("a.jar"));
    // An AOT cache knows its jars by their times, and a cell of root runs under another user.
    assertThat(Files.getLastModifiedTime(one.path()))
        .isEqualTo(Files.getLastModifiedTime(stage("two").path()));
    assertThat(mode(one.path())).isEqualTo("rw-r--r--");
    assertThat(mode(directory.resolve(one.digest()))).isEqualTo("rwxr-xr-x");
    assertThat(mode(directory)).isEqualTo("rwxr-xr-x");
  }

  @Test
  void aDamagedJarIsReplaced() throws IOException {
    Path path = stage("one").path();
    for (String damaged : List.of("", "on", "two", "one and more")) {
      Files.writeString(path, damaged);

      assertThat(stage("one").path()).isEqualTo(path).hasContent("one");
    }
  }

  @Test
  void aPlantedLinkIsReplacedAndWhatItLeadsToIsLeftAlone() throws IOException {
    Path path = stage("one").path();
    Path elsewhere = Files.writeString(cache.resolve("elsewhere"), "one");
    Files.delete(path);
    Files.createSymbolicLink(path, elsewhere);

    assertThat(stage("one").path()).isEqualTo(path);
    assertThat(Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS)).isTrue();
    assertThat(elsewhere).hasContent("one");
  }

  @Test
  void aJarThatOthersCanChangeLaterIsReplaced() throws IOException {
    Path path = stage("one").path();
    Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rw-rw-rw-"));

    stage("one");
    assertThat(mode(path)).isEqualTo("rw-r--r--");
  }

  @Test
  void aJarOfAnotherUserIsReplaced() throws IOException {
    Path path = stage("one").path();
    Foreign.give(path);

    stage("one");
    assertThat(Files.getOwner(path)).isEqualTo(Files.getOwner(cache));
  }

  @Test
  void aDirectoryThatOthersCanWriteToIsRefused() throws IOException {
    Path home = directory.resolve(stage("one").digest());
    Files.setPosixFilePermissions(home, PosixFilePermissions.fromString("rwxrwxrwx"));
    assertRefused();

    Files.setPosixFilePermissions(home, PosixFilePermissions.fromString("rwxr-xr-x"));
    Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxrwxrwx"));
    assertRefused();
  }

  @Test
  void aPlantedLinkInPlaceOfADirectoryIsRefused() throws IOException {
    Files.createSymbolicLink(directory, Files.createDirectory(cache.resolve("elsewhere")));

    assertRefused();
    assertThat(cache.resolve("elsewhere")).isEmptyDirectory();
  }

  @Test
  void aSourceThatChangesWhileItIsReadLeavesNothing() throws IOException {
    AtomicInteger times = new AtomicInteger();
    assertThatThrownBy(
            () ->
                jars.stage(
                    "a.jar",
                    () -> new ByteArrayInputStream(new byte[] {(byte) times.incrementAndGet()})))
        .isInstanceOf(SandboxException.class)
        .hasMessageContaining("it changed while it was read");

    try (Stream<Path> left = Files.walk(directory)) {
      assertThat(left.filter(Files::isRegularFile)).isEmpty();
    }
  }

  @Test
  void manyThatStageTheSameAtOnceAllGetItWhole() throws IOException {
    byte[] content = new byte[1 << 20];
    new Random(1).nextBytes(content);
    List<CompletableFuture<StagedJar>> all =
        IntStream.range(0, 8)
            .mapToObj(
                i ->
                    CompletableFuture.supplyAsync(
                        // Each as another JVM would: they share nothing but the directory.
                        () ->
                            new StagedJars(directory)
                                .stage("a.jar", () -> new ByteArrayInputStream(content)),
                        work -> Thread.ofPlatform().start(work)))
            .toList();

    assertThat(all.stream().map(CompletableFuture::join).distinct())
        .singleElement()
        .satisfies(jar -> assertThat(jar.path()).hasBinaryContent(content));
    try (Stream<Path> left = Files.walk(directory)) {
      assertThat(left.filter(Files::isRegularFile)).hasSize(1);
    }
  }

  private void assertRefused() {
    assertThatThrownBy(() -> stage("one"))
        .isInstanceOfSatisfying(
            SandboxException.class,
            refused -> assertThat(refused.code()).isEqualTo(ErrorCode.CACHE_UNUSABLE));
  }

  private StagedJar stage(String content) {
    return jars.stage(
        "a.jar", () -> new ByteArrayInputStream(content.getBytes(StandardCharsets.UTF_8)));
  }

  private static String mode(Path path) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
  }
}
