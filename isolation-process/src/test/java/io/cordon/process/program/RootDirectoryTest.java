package io.cordon.process.program;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cordon.sandbox.ErrorCode;
import io.cordon.sandbox.SandboxException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RootDirectoryTest {
  @TempDir Path temporary;
  private Path root;

  @BeforeEach
  void make() throws IOException {
    root = Files.createDirectory(temporary.toRealPath().resolve("root"));
    Files.createDirectories(root.resolve("usr/bin"));
  }

  private void program(Path at) throws IOException {
    Files.createDirectories(at.resolveSibling(""));
    Files.setPosixFilePermissions(
        Files.writeString(at, "x"), PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  @Test
  void directoriesAndLinksAtTheTopAreSeenButTheSandboxesOwnAreNot() throws IOException {
    for (String own : new String[] {"dev", "proc", "sys", "tmp", "run", "work", "cordon", "opt"}) {
      Files.createDirectory(root.resolve(own));
    }
    Files.writeString(root.resolve("file"), "");
    Files.createSymbolicLink(root.resolve("bin"), Path.of("usr/bin"));
    Files.createSymbolicLink(root.resolve("etc"), Path.of("/etc"));
    RootDirectory seen = RootDirectory.of(root);
    assertThat(seen.directories()).containsExactly(Path.of("opt"), Path.of("usr"));
    assertThat(seen.links())
        .containsOnlyKeys(Path.of("bin"), Path.of("etc"))
        .containsEntry(Path.of("etc"), "/etc");
  }

  @Test
  void programIsLookedForInside() throws IOException {
    program(root.resolve("bin/tool"));
    assertThat(RootDirectory.of(root).find("tool")).isEqualTo("/bin/tool");
    assertThat(RootDirectory.of(root).find("/any/path")).isEqualTo("/any/path");
    assertNotFound("sh"); // which the host has
  }

  @Test
  void linksAreFollowedInside() throws IOException {
    program(root.resolve("opt/tool-1/tool"));
    Files.createSymbolicLink(root.resolve("opt/current"), Path.of("../../../opt/tool-1"));
    Files.createSymbolicLink(root.resolve("usr/bin/tool"), Path.of("/opt/current/tool"));
    assertThat(RootDirectory.of(root).find("tool")).isEqualTo("/usr/bin/tool");
  }

  @Test
  void linkToAProgramOfTheHostIsNoProgram() throws IOException {
    Path outside = temporary.toRealPath().resolve("outside");
    program(outside);
    Files.createSymbolicLink(root.resolve("usr/bin/absolute"), outside);
    Files.createSymbolicLink(root.resolve("usr/bin/relative"), Path.of("../../../outside"));
    Files.createSymbolicLink(root.resolve("usr/bin/endless"), Path.of("endless"));
    assertNotFound("absolute");
    assertNotFound("relative");
    assertNotFound("endless");
  }

  @Test
  void whatCanBeNoRootIsRefused() throws IOException {
    Path file = Files.writeString(temporary.resolve("file"), "");
    for (Path each :
        new Path[] {file, temporary.resolve("none"), Path.of("/"), Path.of("/usr/..")}) {
      assertThatThrownBy(() -> RootDirectory.of(each))
          .isInstanceOfSatisfying(
              SandboxException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.LAUNCH_FAILED))
          .hasMessageContaining("root");
    }
  }

  private void assertNotFound(String name) {
    RootDirectory seen = RootDirectory.of(root);
    assertThatThrownBy(() -> seen.find(name))
        .isInstanceOfSatisfying(
            SandboxException.class,
            e -> assertThat(e.code()).isEqualTo(ErrorCode.PROGRAM_NOT_FOUND));
  }
}
