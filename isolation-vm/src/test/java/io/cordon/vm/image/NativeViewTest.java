package io.cordon.vm.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.cordon.sandbox.ErrorCode;
import io.cordon.sandbox.SandboxException;
import io.cordon.vm.guest.RootTree.HostFile;
import io.cordon.vm.guest.RootTree.Node;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NativeViewTest {
  @TempDir Path temporary;

  @Test
  void programComesWithItsLinkerAndItsLibrariesUnderTheNamesThatItAsksFor() throws IOException {
    View view = NativeView.of("/usr/bin/env");
    Map<Path, Node> nodes = view.tree().nodes();
    assertThat(nodes.get(Path.of("/usr/bin/env").toRealPath()))
        .isEqualTo(new HostFile(Path.of("/usr/bin/env").toRealPath(), true));
    assertThat(view.watched()).hasSizeGreaterThan(2).contains(Path.of("/usr/bin/env"));
    for (Path linked : view.watched()) {
      Path named = linked.resolveSibling(".").toRealPath().resolve(linked.getFileName());
      assertThat(nodes).containsKeys(named, linked.toRealPath());
    }
  }

  @Test
  void noOtherProgramIsThere() throws IOException {
    Map<Path, Node> nodes = NativeView.of("/usr/bin/env").tree().nodes();
    assertThat(nodes.keySet().stream().filter(at -> at.resolveSibling("").endsWith("bin")))
        .containsExactly(Path.of("/usr/bin/env").toRealPath());
    assertThat(nodes)
        .doesNotContainKeys(Path.of("/etc/passwd"), Path.of("/etc/hostname"), Path.of("/root"));
  }

  @Test
  void cellSeesWholeDirectoriesButOfEtcOnlyWhatIsThere() throws IOException {
    View view = NativeView.of("/usr/bin/env");
    assertThat(view.shown())
        .contains(new Shown(Path.of("/usr"), true, true))
        .extracting(Shown::at)
        .doesNotHaveDuplicates()
        .doesNotContain(Path.of("/etc"), Path.of("/dev"), Path.of("/proc"), Path.of("/tmp"))
        .noneMatch(view.links()::containsKey);
    assertThat(view.shown())
        .filteredOn(shown -> shown.at().startsWith("/etc"))
        .allMatch(shown -> !shown.executable());
    if (Files.isSymbolicLink(Path.of("/bin"))) {
      assertThat(view.links()).containsKey(Path.of("/lib")).doesNotContainKey(Path.of("/usr"));
    }
  }

  @Test
  void whatIsLinkedToFontconfigHasFonts() throws IOException {
    Path program = Path.of("/usr/bin/pdftotext");
    assumeThat(program).as("the package poppler-utils").exists();
    View view = NativeView.of(program.toString());
    assertThat(view.watched()).anyMatch(each -> each.toString().contains("libpoppler.so"));
    assertThat(view.tree().nodes()).containsKey(Path.of("/etc/fonts/fonts.conf"));
  }

  @Test
  void scriptIsRefusedWithWhatToDo() throws IOException {
    assertNotFound(script().toString(), "is a script", "Command.root");
  }

  @Test
  void programOutsideOfTheHostsDirectoriesIsRefusedWithWhatToDo() throws IOException {
    Path own = Files.copy(Path.of("/usr/bin/env"), temporary.resolve("env"));
    assertNotFound(own.toString(), "none of the host's own", "Command.root");
    assertNotFound("/usr/.." + own, "none of the host's own");
  }

  @Test
  void whatIsNoProgramIsRefused() {
    assertNotFound("/usr/bin/no-such-program", "no program");
    assertNotFound("bin/env", "no program");
    assertNotFound("/usr/bin", "may not be executed");
    assertNotFound("/usr/lib/os-release", "may not be executed");
  }

  private static Path script() throws IOException {
    try (Stream<Path> programs = Files.list(Path.of("/usr/bin"))) {
      for (Path program : (Iterable<Path>) programs::iterator) {
        if (Files.isRegularFile(program) && beginsLikeAScript(program)) {
          return program;
        }
      }
    }
    throw new AssertionError("no script in /usr/bin");
  }

  private static boolean beginsLikeAScript(Path program) throws IOException {
    try (var in = Files.newInputStream(program)) {
      byte[] start = in.readNBytes(2);
      return start.length == 2
          && start[0] == '#'
          && start[1] == '!'
          && PosixFilePermissions.toString(Files.getPosixFilePermissions(program)).contains("x");
    }
  }

  private static void assertNotFound(String program, String... message) {
    assertThatThrownBy(() -> NativeView.of(program))
        .isInstanceOfSatisfying(
            SandboxException.class,
            e -> assertThat(e.code()).isEqualTo(ErrorCode.PROGRAM_NOT_FOUND))
        .message()
        .contains(message);
  }
}
