package io.cordon.vm.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.cordon.sandbox.ErrorCode;
import io.cordon.sandbox.SandboxException;
import io.cordon.sandbox.spi.CellSpec.Program;
import io.cordon.vm.guest.RootImages;
import io.cordon.vm.host.HostTool;
import io.cordon.vm.host.PrivateCache;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProgramImagesTest {
  @TempDir Path directory;
  private final List<String> progress = new ArrayList<>();
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
        progress::add);
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
}
