package io.cordon.process;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.cordon.sandbox.spi.CellExit;
import io.cordon.sandbox.spi.CellSpec.Program;
import io.cordon.sandbox.spi.IsolationStrategy;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** A program with a root directory of its own sees that, and nothing of the host through it. */
@ExtendWith(Cells.class)
@Timeout(120)
class RootDirectoryIT {
  private static final Pattern LIBRARY = Pattern.compile("(?m)(/\\S+) \\(0x");

  @TempDir Path temporary;
  private Path root;
  private Path outside;

  @BeforeEach
  void makeARoot() throws IOException {
    Path base = temporary.toRealPath();
    Files.setPosixFilePermissions(base, PosixFilePermissions.fromString("rwxr-xr-x"));
    root = Files.createDirectory(base.resolve("root"));
    outside = Files.createDirectory(base.resolve("outside"));
    Files.setPosixFilePermissions(outside, PosixFilePermissions.fromString("rwxrwxrwx"));
    Files.writeString(outside.resolve("canary"), "a secret of the host");
    for (String program : List.of("sh", "cat", "ls", "touch")) {
      install(Path.of("/bin", program));
    }
    Files.writeString(root.resolve("lib/control"), "inside\n");
  }

  private void install(Path program) throws IOException {
    copy(program);
    Process ldd = new ProcessBuilder("ldd", program.toString()).start();
    String listed = new String(ldd.getInputStream().readAllBytes(), UTF_8);
    for (String library : LIBRARY.matcher(listed).results().map(found -> found.group(1)).toList()) {
      copy(Path.of(library));
    }
  }

  private void copy(Path file) throws IOException {
    Path to = root.resolve(Path.of("/").relativize(file));
    Files.createDirectories(to.resolveSibling(""));
    if (!Files.exists(to)) {
      Files.copy(file.toRealPath(), to);
      Files.setPosixFilePermissions(to, PosixFilePermissions.fromString("rwxr-xr-x"));
    }
  }

  private CellRun run(IsolationStrategy strategy, String script) {
    return CellRun.of(
        strategy, CellRun.spec(new Program.Native(List.of("sh", "-c", script), Optional.of(root))));
  }

  @Test
  void onlyTheRootIsThere(IsolationStrategy strategy) {
    CellRun run = run(strategy, "ls / && cat /lib/control && cat /etc/hosts && ls /dev/null");
    assertThat(run.err()).isEmpty();
    assertThat(run.out().lines())
        .contains("bin", "lib", "work", "inside", "/dev/null")
        .doesNotContain("usr", "sbin", "home", "var");
    assertThat(run.exit()).isEqualTo(new CellExit.Exited(0));
  }

  @Test
  void linkAtTheTopDoesNotShowTheHost(IsolationStrategy strategy) throws IOException {
    Files.createSymbolicLink(root.resolve("usr"), Path.of("/etc"));
    Files.createSymbolicLink(root.resolve("secrets"), outside);
    Files.createSymbolicLink(root.resolve("up"), Path.of("../outside"));
    CellRun run =
        run(strategy, "cat /lib/control /secrets/canary /up/canary /usr/hostname /usr/machine-id");
    assertThat(run.out()).isEqualTo("inside\n");
    assertThat(run.exit()).isEqualTo(new CellExit.Exited(1));
  }

  @Test
  void linkFurtherDownDoesNotShowTheHost(IsolationStrategy strategy) throws IOException {
    Files.createSymbolicLink(root.resolve("lib/absolute"), outside.resolve("canary"));
    Files.createSymbolicLink(root.resolve("lib/relative"), Path.of("../../outside/canary"));
    CellRun run = run(strategy, "cat /lib/control /lib/absolute /lib/relative");
    assertThat(run.out()).isEqualTo("inside\n");
  }

  @Test
  void nothingIsWrittenWhereALinkInPlaceOfEtcLeads(IsolationStrategy strategy) throws IOException {
    Files.createSymbolicLink(root.resolve("etc"), outside);
    CellRun run = run(strategy, "cat /lib/control; cat /etc/canary");
    assertThat(run.out()).isEqualTo("inside\n");
    assertHolds(outside, "canary");
  }

  @Test
  void ownEtcIsLeftAsItIs(IsolationStrategy strategy) throws IOException {
    Path etc = Files.createDirectory(root.resolve("etc"));
    Files.setPosixFilePermissions(etc, PosixFilePermissions.fromString("rwxrwxrwx"));
    Files.writeString(etc.resolve("motd"), "its own\n");
    CellRun run = run(strategy, "ls /etc; cat /etc/motd");
    assertThat(run.out()).isEqualTo("motd\nits own\n");
    assertHolds(etc, "motd");
  }

  @Test
  void nothingInItCanBeWritten(IsolationStrategy strategy) throws IOException {
    Path open = Files.createDirectory(root.resolve("open"));
    Files.setPosixFilePermissions(open, PosixFilePermissions.fromString("rwxrwxrwx"));
    CellRun run = run(strategy, "touch /work/control && touch /open/file");
    assertThat(run.err()).contains("/open/file").doesNotContain("control");
    assertHolds(open);
  }

  private static void assertHolds(Path directory, String... names) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      assertThat(files.map(file -> file.getFileName().toString())).containsExactly(names);
    }
  }
}
