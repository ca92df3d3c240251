package io.cordon.attacks;

import static org.assertj.core.api.Assertions.assertThat;

import io.cordon.harness.Eventually;
import io.cordon.harness.HostJvm;
import io.cordon.harness.MarkedProcesses;
import io.cordon.harness.PluginJar;
import io.cordon.harness.PolicyFolder;
import io.cordon.harness.ProcessUnderTest;
import io.cordon.harness.SharedCache;
import io.cordon.leaks.ControlGroups;
import io.cordon.leaks.LiveProcesses;
import io.cordon.leaks.NothingLeftBehind;
import io.cordon.sandbox.Command;
import io.cordon.sandbox.Sandboxes;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Attack 83: the host's JVM dies while sandboxes are busy. One of their programs ignores every
 * signal and has cleared its death signal, or would have.
 */
@ExtendWith(NothingLeftBehind.class)
class NothingOutlivesTheHostJvmIT {

  private static final Duration AMPLE = Duration.ofSeconds(20);

  private static final String SPINNER =
      """
      package attacker;

      public class Spinner implements io.cordon.attacks.Guest {
        @Override
        public String act(String request) {
          while (request.equals("spin")) Thread.onSpinWait();
          return "done";
        }
      }
      """;

  @ParameterizedTest
  @ValueSource(strings = {"kill", "exit", "halt", "out of memory"})
  void everySandboxDiesWithIt(String death, @TempDir Path directory) throws Exception {
    MarkedProcesses programs = MarkedProcesses.create();
    PolicyFolder policies = PolicyFolder.in(directory, new ProcessUnderTest()).tenant("acme", "");
    Path jar =
        PluginJar.against(Guest.class)
            .source("attacker.Spinner", SPINNER)
            .service(Guest.class, "attacker.Spinner")
            .packed(directory.resolve("spinner.jar"));
    List<String> arguments = List.of(policies.path().toString(), jar.toString(), programs.marker());
    List<String> options = List.of("-Xmx128m", "-XX:+ExitOnOutOfMemoryError");

    try (HostJvm host = HostJvm.start(DoomedHost.class, List.of(), options, Map.of(), arguments)) {
      assertThat(host.line()).isEqualTo("READY");
      LiveProcesses descendants = LiveProcesses.under(host.process().toHandle());
      assertThat(descendants.alive())
          .as("programs, their inits and a worker")
          .hasSizeGreaterThan(5);
      // The host's own command line has the marker as well.
      assertThat(programs.alive()).hasSizeGreaterThan(2);

      if (death.equals("kill")) {
        host.process().destroyForcibly();
      } else {
        host.tell(death);
      }
      host.status();

      Eventually.within(
          AMPLE, () -> descendants.alive().isEmpty(), "the end of " + descendants.alive());
      assertThat(programs.alive()).isEmpty();
      theNextHostRemovesWhatIsLeft(policies.path(), host.process().pid());
    }
  }

  @Test
  void theControlOutlivesItsHost(@TempDir Path directory) throws Exception {
    MarkedProcesses survivor = MarkedProcesses.create();
    AttackProgram attack = new AttackProgram("signal_ignore.py");
    List<String> command =
        new java.util.ArrayList<>(List.of("/bin/sh", "-c", "\"$@\"; true", "sh"));
    command.addAll(attack.plainCommandLine(directory, survivor.marker()));
    Process host = new ProcessBuilder(command).directory(directory.toFile()).start();
    try (var lines = host.inputReader()) {
      assertThat(lines.readLine()).isEqualTo("READY True");
      ProcessHandle program = host.children().findFirst().orElseThrow();

      host.destroyForcibly().waitFor();

      assertThat(program.isAlive()).isTrue();
    } finally {
      survivor.kill();
    }
  }

  private static void theNextHostRemovesWhatIsLeft(Path policies, long dead) {
    try (Sandboxes next = Sandboxes.builder(policies).cache(SharedCache.directory()).open()) {
      next.tenant("acme").run(Command.of("true"));
      assertThat(ControlGroups.of(dead)).as("groups of the dead host").isEmpty();
    }
  }
}
