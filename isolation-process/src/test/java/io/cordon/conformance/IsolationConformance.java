package io.cordon.conformance;

import static io.cordon.harness.OutcomeAssert.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.cordon.conformance.contract.Dice;
import io.cordon.harness.PlainProcess;
import io.cordon.harness.PluginJar;
import io.cordon.harness.PolicyFolder;
import io.cordon.harness.Ran;
import io.cordon.harness.SandboxTest;
import io.cordon.harness.StrategyUnderTest;
import io.cordon.harness.TenantPolicy;
import io.cordon.harness.Tools;
import io.cordon.sandbox.Command;
import io.cordon.sandbox.Plugin;
import io.cordon.sandbox.Sandbox;
import io.cordon.sandbox.Sandboxes;
import io.cordon.sandbox.Tenant;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a workload sees of the world, on any strategy: its own, and nothing of the host's. */
@SandboxTest
@TenantPolicy
@Timeout(300)
public abstract class IsolationConformance implements SandboxesAreApart {

  // What two clocks of which one was set by the other may differ by.
  private static final Duration SKEW = Duration.ofSeconds(1);

  private static final String ONE_DICE =
      """
      package casino;

      public class Shaker implements io.cordon.conformance.contract.Dice {
        // Made where a worker may long have been waiting, and cloned.
        private final java.security.SecureRandom random = new java.security.SecureRandom();

        @Override
        public java.util.List<String> shake() {
          return java.util.List.of(
              java.util.UUID.randomUUID().toString(),
              Long.toHexString(random.nextLong()),
              Long.toHexString(new java.security.SecureRandom().nextLong()));
        }
      }
      """;

  @Test
  void aProgramSeesItsRootAndNoFileOfTheHost(Tenant acme, Tools tools, @TempDir Path directory)
      throws IOException {
    Path secret = Files.writeString(directory.resolve("secret"), "a secret of the host");
    Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));

    assertThat(Ran.of(acme, tools.command("cat", secret.toString())).outcome()).failed();
    assertThat(text(acme, tools.command("cat", Tools.TEXT))).isEqualTo("no program\n");
    assertThat(text(acme, tools.command("ls", "-A", "/")).lines())
        .containsAll(Tools.TOP)
        .isSubsetOf(
            "bin", "lib", "lib64", "share", // the root's
            "cordon", "dev", "etc", "proc", "run", "sys", "tmp", "work"); // the sandbox's own
    assertThat(text(acme, tools.command("ls", "-A", "/tmp"))).isEmpty();
  }

  @Test
  void withoutARootItIsTheHostsProgram(Tenant acme) {
    assertThat(text(acme, Command.of("echo", "hello"))).isEqualTo("hello\n");
  }

  @Test
  void thereIsNoNetwork(Tenant acme, Tools tools, @TempDir Path directory) throws Exception {
    assertThat(interfaces(text(acme, tools.command("cat", "/proc/self/net/dev"))))
        .isSubsetOf(List.of("lo"));

    try (ServerSocket port = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      List<String> calling =
          List.of(
              "bash",
              "-c",
              "exec 3<>/dev/tcp/127.0.0.1/$0 && echo connected",
              "" + port.getLocalPort());
      assertThat(PlainProcess.run(directory, calling, Map.of()).output())
          .as("the control")
          .isEqualTo("connected\n");
      port.accept().close();

      assertThat(Ran.of(acme, Command.of(calling).root(tools.root())).outcome()).failed();
      port.setSoTimeout(1);
      org.assertj.core.api.Assertions.assertThatExceptionOfType(
              java.net.SocketTimeoutException.class)
          .as("nobody has called")
          .isThrownBy(port::accept);
    }
  }

  /** The lines of {@code /proc/self/net/dev} after its heading begin with a name and a colon. */
  private static List<String> interfaces(String table) {
    return table.lines().skip(2).map(line -> line.substring(0, line.indexOf(':')).strip()).toList();
  }

  @Test
  void aProgramIsNobodyOfRank(Tenant acme, Tools tools) {
    assertThat(text(acme, tools.command("id", "-u"))).isNotEqualTo("0\n");
    assertThat(text(acme, tools.command("cat", "/proc/self/status")).lines())
        .contains("CapEff:\t0000000000000000", "CapBnd:\t0000000000000000", "NoNewPrivs:\t1");
    assertThat(Ran.of(acme, tools.command("mknod", "disk", "b", "8", "0")).outcome()).failed();
  }

  @Test
  void aProgramSeesItsOwnProcessesAlone(Tenant acme, Tools tools) {
    List<String> seen =
        text(acme, tools.sh("for p in /proc/[0-9]*; do cat $p/comm; done; true")).lines().toList();

    // Its init, the shell, and the one that tells.
    assertThat(seen).hasSizeLessThanOrEqualTo(4).contains("sh").doesNotContain("java");
  }

  @Test
  void theEnvironmentIsWhatIsDeclared(Sandboxes sandboxes, PolicyFolder policies, Tools tools) {
    Optional<String> declared =
        new TreeSet<>(System.getenv().keySet())
            .stream()
                .filter(name -> name.matches("[A-Z_]+") && !name.matches("PATH|HOME|TMPDIR|PWD"))
                .filter(name -> System.getenv(name).lines().count() == 1)
                .findFirst();
    assumeThat(declared).as("this host's environment has a variable to declare").isPresent();
    policies.tenant(
        "open", "tenant: open\nenvironment: [ %s, NEVER_SET ]\n".formatted(declared.get()));

    String environment =
        text(sandboxes.tenant("open"), tools.command("env").environment("GREETING", "hello"));

    assertThat(environment.lines())
        .contains("GREETING=hello", declared.get() + "=" + System.getenv(declared.get()));
    assertThat(environment.lines().map(line -> line.substring(0, line.indexOf('='))))
        .contains("HOME", "PATH")
        .isSubsetOf("GREETING", "HOME", "PATH", "TMPDIR", declared.get());
  }

  @Test
  void eachSandboxHasANameOfItsOwn(Tenant acme, Tools tools) throws IOException {
    String first = text(acme, tools.command("uname", "-n"));
    String second = text(acme, tools.command("uname", "-n"));

    String host = Files.readString(Path.of("/proc/sys/kernel/hostname"));
    assertThat(List.of(first, second, host)).doesNotHaveDuplicates().noneMatch(String::isBlank);
  }

  @Test
  void theKernelIsTheHostsOrItsOwn(
      Tenant acme, Tools tools, StrategyUnderTest strategy, @TempDir Path directory)
      throws Exception {
    String hosts = PlainProcess.run(directory, List.of("uname", "-rv"), Map.of()).output();
    String seen = text(acme, tools.command("uname", "-rv"));

    if (strategy.hasAKernelOfItsOwn()) {
      assumeThat(seen).as("a kernel of another build than this host's").isNotEqualTo(hosts);
    } else {
      assertThat(seen).isEqualTo(hosts);
    }
  }

  @Test
  void theWorkingDirectoryIsItsOwn(Tenant acme, Tools tools) {
    for (int i = 0; i < 2; i++) {
      String told = text(acme, tools.sh("pwd; ls -A; echo mine > file; cat file"));
      assertThat(told).as("the first time and again").isEqualTo("/work\nmine\n");
    }
  }

  @Test
  void theTimeIsRight(Tenant acme, Tools tools) {
    Instant before = Instant.now();

    String told = text(acme, tools.command("date", "+%s")).strip();

    // In whole seconds, and the last one began before now.
    assertThat(Instant.ofEpochSecond(Long.parseLong(told)))
        .isBetween(before.minus(SKEW).minusSeconds(1), Instant.now().plus(SKEW));
  }

  @Test
  void noTwoProgramsDrawTheSameNumbers(Tenant acme, Tools tools) {
    List<String> drawn = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      drawn.add(text(acme, tools.sh("head -c 16 /dev/urandom | od -An -tx1")));
    }
    assertThat(drawn).hasSize(8).doesNotHaveDuplicates();
  }

  @Test
  void noTwoPluginsDrawTheSameNumbers(Tenant acme, @TempDir Path directory) {
    Plugin dice =
        Plugin.jar(
            PluginJar.against(Dice.class)
                .source("casino.Shaker", ONE_DICE)
                .service(Dice.class, "casino.Shaker")
                .packed(directory.resolve("dice.jar")));
    List<String> drawn = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      try (Sandbox box = acme.open(dice)) {
        drawn.addAll(box.service(Dice.class).shake());
      }
    }
    assertThat(drawn).hasSize(12).doesNotHaveDuplicates();
  }

  private static String text(Tenant tenant, Command command) {
    return assertThat(tenant.submit(command).outcome()).succeeded().stdoutText();
  }
}
