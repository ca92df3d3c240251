package io.cordon.vm.image;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.cordon.process.program.RootDirectory;
import io.cordon.sandbox.ErrorCode;
import io.cordon.sandbox.SandboxException;
import io.cordon.sandbox.spi.CellSpec.Program;
import io.cordon.vm.guest.RootImages;
import io.cordon.vm.guest.RootTree.Link;
import io.cordon.vm.host.HostTool;
import io.cordon.vm.host.PrivateCache;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProgramImagesTest {
  @TempDir Path directory;
  private final List<String> progress = new ArrayList<>();
  private final AtomicLong now = new AtomicLong();
  private ProgramImages programs;

  @BeforeEach
  void open() {
    assumeThat(new HostTool("mkfs.erofs", "erofs-utils").find())
        .as("the tools of erofs (package erofs-utils)")
        .isPresent();
    programs = open(directory);
  }

  private ProgramImages open(Path cache) {
    return new ProgramImages(
        new RootImages(PrivateCache.open(cache.resolve("images")), progress::add),
        PrivateCache.open(cache.resolve("runtimes")),
        progress::add,
        now::get);
  }

  private static Program.Native command(String... arguments) {
    return new Program.Native(List.of(arguments));
  }

  @Test
  void nameIsLookedForAndTheArgumentsAreKept() {
    ProgramImage image = programs.of(command("env", "A=b"));
    assertThat(image.program()).isEqualTo("/usr/bin/env");
    assertThat(image.arguments()).containsExactly("env", "A=b");
    assertThat(image.root().file()).isRegularFile();
  }

  @Test
  void argumentsMakeNoOtherImage() {
    ProgramImage one = programs.of(command("env", "A=b"));
    assertThat(programs.of(command("/usr/bin/env")).root()).isSameAs(one.root());
    assertThat(progress).hasSize(1);
  }

  @Test
  void imageOfAnEarlierJvmIsUsed() {
    ProgramImage first = programs.of(command("env"));
    assertThat(open(directory).of(command("env"))).isEqualTo(first);
    assertThat(progress).hasSize(1);
  }

  @Test
  void unknownProgramIsRefused() {
    assertThatThrownBy(() -> programs.of(command("no-such-program")))
        .isInstanceOfSatisfying(
            SandboxException.class,
            e -> assertThat(e.code()).isEqualTo(ErrorCode.PROGRAM_NOT_FOUND));
  }

  @Test
  void rootDirectoryIsCopiedAsItIsAndNothingThroughItsLinks() throws IOException {
    Path root = Files.createDirectories(directory.toRealPath().resolve("root"));
    tool(root);
    Files.writeString(directory.resolve("canary"), "a secret of the host");
    Files.createSymbolicLink(root.resolve("usr"), Path.of("/etc"));
    Files.createSymbolicLink(root.resolve("bin/leak"), directory.resolve("canary"));
    View view = RootView.of(RootDirectory.of(root));
    assertThat(view.tree().nodes())
        .containsEntry(Path.of("/usr"), new Link("/etc"))
        .containsEntry(Path.of("/bin/leak"), new Link(directory.resolve("canary").toString()))
        .containsKey(Path.of("/bin/tool"))
        .doesNotContainKeys(Path.of("/etc"), Path.of("/usr/hosts"));
    ProgramImage image = programs.of(new Program.Native(List.of("tool"), Optional.of(root)));
    assertThat(image.program()).isEqualTo("/bin/tool");
    assertThat(image.shown()).containsExactly(new Shown(Path.of("/bin"), true, true));
    assertThat(image.links()).isEqualTo(Map.of(Path.of("/usr"), "/etc"));
    assertThat(Files.readString(image.root().file(), ISO_8859_1))
        .contains("it works")
        .doesNotContain("a secret of the host");
  }

  @Test
  void changeInARootDirectoryIsNoticedInTheEnd() throws IOException {
    Path root = Files.createDirectories(directory.toRealPath().resolve("root"));
    tool(root);
    Program.Native command = new Program.Native(List.of("tool"), Optional.of(root));
    ProgramImage first = programs.of(command);
    Files.writeString(root.resolve("bin/new"), "");
    assertThat(programs.of(command)).as("dates are not looked at each time").isEqualTo(first);
    now.addAndGet(Duration.ofSeconds(3).toNanos());
    ProgramImage second = programs.of(command);
    assertThat(second.root()).isNotEqualTo(first.root());
    now.addAndGet(Duration.ofSeconds(3).toNanos());
    assertThat(programs.of(command)).isEqualTo(second);
    assertThat(progress).hasSize(2);
  }

  private static void tool(Path root) throws IOException {
    Path tool = Files.createDirectories(root.resolve("bin")).resolve("tool");
    Files.setPosixFilePermissions(
        Files.writeString(tool, "it works"), PosixFilePermissions.fromString("rwxr-xr-x"));
  }
}
