package io.cordon.process;

import static io.cordon.process.CellRun.spec;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.cordon.sandbox.SandboxException;
import io.cordon.sandbox.spi.CellExit;
import io.cordon.sandbox.spi.CellSpec;
import io.cordon.sandbox.spi.CellSpec.Program;
import io.cordon.sandbox.spi.IsolationStrategy;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@ExtendWith(Cells.class)
class JavaProgramIT {
  @TempDir Path directory = Path.of("");

  @Test
  void runsClassFromJar(IsolationStrategy strategy) throws IOException {
    CellRun run = CellRun.of(strategy, program(List.of(), jar("main.jar"), "a", "b"));
    assertThat(run.err()).isEmpty();
    assertThat(run.out())
        .contains("arguments a b\n", "directory /work\n", "home /work\n", "user cell\n")
        .contains("java /cordon/java\n", "class path /cordon/lib/main.jar\n");
    assertThat(run.exit()).isEqualTo(new CellExit.Exited(3));
  }

  @ParameterizedTest
  @ValueSource(strings = {"Serial", "Parallel", "G1", "Z", "Shenandoah"})
  void everyGarbageCollectorWorks(String collector, IsolationStrategy strategy) throws IOException {
    List<String> options =
        List.of("-XX:+IgnoreUnrecognizedVMOptions", "-Xmx128m", "-XX:+Use" + collector + "GC");
    CellRun run = CellRun.of(strategy, program(options, jar("main.jar")));
    assertThat(run.err()).isEmpty();
    assertThat(run.exit()).isEqualTo(new CellExit.Exited(3));
  }

  @Test
  void certificatesAndSettingsAreThere(IsolationStrategy strategy) throws IOException {
    CellRun run = CellRun.of(strategy, program(List.of(), jar("main.jar")));
    assertThat(run.out()).contains("settings true\n", "certificates true\n");
  }

  @Test
  void startsNoProcesses(IsolationStrategy strategy) throws IOException {
    CellRun run = CellRun.of(strategy, program(List.of(), jar("main.jar")));
    assertThat(run.out()).contains("process refused\n");
  }

  @Test
  void seesNothingOfTheHostButTheRuntime(IsolationStrategy strategy) throws IOException {
    CellRun run = CellRun.of(strategy, program(List.of(), jar("main.jar")));
    assertThat(run.out())
        .contains("visible /etc/passwd\n")
        .doesNotContain("visible /etc/shadow", "visible /bin/sh", "visible /root", "visible /sys");
  }

  @Test
  void jarMayBeGivenThroughLink(IsolationStrategy strategy) throws IOException {
    Path real = jar("real.jar");
    Path link = Files.createSymbolicLink(directory.resolve("link.jar"), real);
    CellRun run = CellRun.of(strategy, program(List.of(), link));
    assertThat(run.out()).contains("class path /cordon/lib/link.jar\n");
  }

  @Test
  void jarBelowPrivateDirectoryCanBeRead(IsolationStrategy strategy) throws IOException {
    Path home =
        Files.createDirectory(
            directory.resolve("home"),
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    Path jar = TestJar.write(home.resolve("main.jar"), Main.class);
    Files.setPosixFilePermissions(jar, PosixFilePermissions.fromString("rw-r--r--"));
    CellRun run = CellRun.of(strategy, program(List.of(), jar));
    assertThat(run.exit()).isEqualTo(new CellExit.Exited(3));
  }

  @Test
  void jarThatTheTenantsUserMayNotReadIsRefused(IsolationStrategy strategy) throws IOException {
    assumeThat(System.getProperty("user.name"))
        .as("only root drops to a user that may not read root's files")
        .isEqualTo("root");
    Path jar = jar("main.jar");
    Files.setPosixFilePermissions(jar, PosixFilePermissions.fromString("rw-------"));
    assertThatThrownBy(() -> strategy.launch(program(List.of(), jar)))
        .isInstanceOf(SandboxException.class)
        .hasMessageContaining("chmod o+r")
        .hasMessageContaining(jar.toString());
  }

  private Path jar(String name) throws IOException {
    return TestJar.write(directory.resolve(name), Main.class);
  }

  private static CellSpec program(List<String> options, Path jar, String... arguments) {
    return spec(
        new Program.Jvm(
            options, List.of(jar), Optional.empty(), Main.class.getName(), List.of(arguments)));
  }

  /** Runs in the cell. */
  public static final class Main {
    private Main() {}

    /** Tells what it sees. */
    public static void main(String[] arguments) {
      System.out.println("arguments " + String.join(" ", arguments));
      System.out.println("directory " + System.getProperty("user.dir"));
      System.out.println("home " + System.getProperty("user.home"));
      System.out.println("user " + System.getProperty("user.name"));
      System.out.println("java " + System.getProperty("java.home"));
      System.out.println("class path " + System.getProperty("java.class.path"));
      Path java = Path.of(System.getProperty("java.home"));
      System.out.println("settings " + Files.isReadable(java.resolve("conf/net.properties")));
      System.out.println("certificates " + Files.isReadable(java.resolve("lib/security/cacerts")));
      for (String path :
          List.of("/etc/passwd", "/etc/shadow", "/bin/sh", "/root", "/home", "/sys", "/usr/bin")) {
        if (Files.exists(Path.of(path))) {
          System.out.println("visible " + path);
        }
      }
      try {
        System.out.println("process " + new ProcessBuilder("/cordon/java/bin/java").start());
      } catch (IOException e) {
        System.out.println("process refused");
      }
      byte[][] garbage = new byte[64][];
      for (int i = 0; i < 2000; i++) {
        garbage[i % garbage.length] = new byte[64 << 10];
      }
      System.exit(garbage[0].length == 0 ? 4 : 3);
    }
  }
}
