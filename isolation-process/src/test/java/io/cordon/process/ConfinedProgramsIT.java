package io.cordon.process;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cordon.policy.SandboxLimits;
import io.cordon.policy.TenantLimits;
import io.cordon.process.ConfinedProgram.Shown;
import io.cordon.process.kernel.Descriptor;
import io.cordon.process.kernel.Kernel;
import io.cordon.process.seccomp.Profile;
import io.cordon.sandbox.ErrorCode;
import io.cordon.sandbox.SandboxException;
import io.cordon.sandbox.spi.Cell;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the kernel says of a program of ours, with a monitor's profile. */
class ConfinedProgramsIT {
  private static final Path SHELL = Path.of("/bin/sh");
  private static final SandboxLimits LIMITS =
      new SandboxLimits(2000, 64 << 20, 8, new SandboxLimits.Disk(1 << 16, 8));

  @TempDir Path cache;
  private ConfinedPrograms programs;

  @BeforeEach
  void open() {
    programs = ConfinedPrograms.open(cache);
  }

  @AfterEach
  void close() {
    programs.close();
  }

  @Test
  void unprivilegedForGood() {
    assertThat(shell("while read line; do echo \"$line\"; done < /proc/self/status").out().lines())
        .contains(
            "Uid:\t1000\t1000\t1000\t1000",
            "CapEff:\t0000000000000000",
            "CapBnd:\t0000000000000000",
            "NoNewPrivs:\t1",
            "Seccomp:\t2",
            "Seccomp_filters:\t1");
  }

  @Test
  void hasANetworkOfItsOwn() {
    String inside = shell("while read line; do echo \"$line\"; done < /proc/self/net/dev").out();
    assertThat(inside).doesNotContain("eth", "veth");
  }

  @Test
  void seesWhatIsNamedAlone() {
    assertThat(shell("cd /; echo *; echo /bin/* /dev/* /usr/* /etc/* /home/*").out().lines())
        .satisfiesExactly(
            root -> assertThat(root.split(" ")).contains("bin", "dev", "lib64", "proc", "work"),
            rest ->
                assertThat(rest)
                    .isEqualTo(
                        "/bin/sh /dev/full /dev/null /dev/random /dev/urandom /dev/zero /usr/*"
                            + " /etc/* /home/*"));
  }

  @Test
  void startsNoProcess() {
    CellRun run = shell("echo before; (echo inside); echo after");
    assertThat(run.out()).isEqualTo("before\n");
    assertThat(run.err()).contains("Cannot fork");
  }

  /** The control: the profile is the reason. */
  @Test
  void startsOneWithAnotherProfile() {
    CellRun run = run(program("(echo inside)", List.of(), Profile.COMMAND));
    assertThat(run.out()).isEqualTo("inside\n");
  }

  @Test
  void executesNothingElse() {
    List<Shown> files = new ArrayList<>(shellFiles());
    files.add(new Shown.Data(Path.of("/bin/true"), Path.of("/bin/true")));
    assertThat(run(program("exec /bin/true", files, List.of(), Profile.VMM)).err())
        .contains("Permission denied");
    files.add(new Shown.Executable(Path.of("/bin/true"), Path.of("/bin/true"))); // the control
    assertThat(run(program("exec /bin/true", files, List.of(), Profile.VMM)).err()).isEmpty();
  }

  @Test
  void makesNoFile() {
    assertThat(shell("mkdir /tmp/x; echo > /proc/self/x; echo > /bin/y").err().lines())
        .hasSizeGreaterThanOrEqualTo(2);
  }

  @Test
  void holdsItsStreamsAndWhatItWasGiven() throws IOException {
    Kernel kernel = programs.kernel();
    try (Descriptor first = kernel.sealedFile("first", "one".getBytes(UTF_8));
        Descriptor second = kernel.memory("second", 4096)) {
      CellRun run =
          run(
              program(
                  "echo /proc/self/fd/*; read word <&4; echo $word; echo two >&5",
                  List.of(first, second),
                  Profile.VMM));
      // The shell reads the directory by one more.
      assertThat(run.out())
          .isEqualTo(
              "/proc/self/fd/0 /proc/self/fd/1 /proc/self/fd/2 /proc/self/fd/3 /proc/self/fd/4"
                  + " /proc/self/fd/5\none\n");
      assertThat(Files.readString(kernel.path(second))).startsWith("two\n");
      assertThat(openFiles())
          .as("ours alone")
          .filteredOn(file -> file.contains("first"))
          .hasSize(1);
    }
  }

  @Test
  void nobodyElseHoldsWhatItWasGiven() throws IOException {
    Kernel.Connection connection = programs.kernel().connection();
    try (var host = connection.host();
        Cell cell = launch("exec 4>&-; echo closed; read line", connection.other())) {
      // The cell lives, its init too; but the other end is gone.
      assertThat(cell.stdout().readNBytes(7)).isEqualTo("closed\n".getBytes(UTF_8));
      assertThat(host.input().read()).isEqualTo(-1);
      assertThat(cell.exit()).isNotDone();
    }
  }

  @Test
  void connectionCarriesBothWaysAndEndsOneWay() throws IOException {
    Kernel.Connection connection = programs.kernel().connection();
    String script = "while read line <&4; do echo \"got $line\" >&4; done; echo bye >&4";
    try (var host = connection.host();
        Cell cell = launch(script, connection.other())) {
      host.output().write("a\nb\n".getBytes(UTF_8));
      host.output().close();
      assertThat(new String(host.input().readAllBytes(), UTF_8)).isEqualTo("got a\ngot b\nbye\n");
      assertThat(cell.exit().join()).isNotNull();
    }
  }

  @Test
  void whatIsNoDeviceIsNotShownAsOne() {
    List<Shown> files = List.of(new Shown.Device(Path.of("/etc/passwd")));
    assertThatThrownBy(() -> programs.launch(program("", files, List.of(), Profile.VMM)))
        .isInstanceOfSatisfying(
            SandboxException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.LAUNCH_FAILED));
  }

  @Test
  void shownDeviceIsThere() {
    List<Shown> files = new ArrayList<>(shellFiles());
    files.add(new Shown.Device(Path.of("/dev/tty")));
    String script = "test -c /dev/tty && echo there";
    assertThat(run(program(script, files, List.of(), Profile.VMM)).out()).isEqualTo("there\n");
  }

  private CellRun shell(String script) {
    return run(program(script, List.of(), Profile.VMM));
  }

  /** With a descriptor that nobody but the program has then. */
  private Cell launch(String script, Descriptor handedOver) {
    try (handedOver) {
      return programs.launch(program(script, List.of(handedOver), Profile.VMM));
    }
  }

  private CellRun run(ConfinedProgram program) {
    try (Cell cell = programs.launch(program)) {
      return CellRun.of(cell);
    }
  }

  private static ConfinedProgram program(String script, List<Descriptor> carried, Profile profile) {
    return program(script, shellFiles(), carried, profile);
  }

  private static ConfinedProgram program(
      String script, List<Shown> files, List<Descriptor> carried, Profile profile) {
    return new ConfinedProgram(
        "acme",
        "program",
        List.of(SHELL.toString(), "-c", script),
        Map.of(),
        files,
        carried,
        LIMITS.disk().bytes(),
        profile,
        LIMITS,
        TenantLimits.NONE,
        Duration.ofSeconds(30));
  }

  private static List<Shown> shellFiles() {
    Path library = Path.of("/lib/x86_64-linux-gnu/libc.so.6");
    Path linker = Path.of("/lib64/ld-linux-x86-64.so.2");
    return List.of(
        new Shown.Executable(SHELL, SHELL),
        new Shown.Executable(linker, linker),
        new Shown.Data(library, library));
  }

  private static List<String> openFiles() throws IOException {
    List<String> open = new ArrayList<>();
    try (Stream<Path> links = Files.list(Path.of("/proc/self/fd"))) {
      for (Path link : (Iterable<Path>) links::iterator) {
        try {
          open.add(Files.readSymbolicLink(link).toString());
        } catch (IOException e) {
          // it was closed meanwhile
        }
      }
    }
    return open;
  }
}
