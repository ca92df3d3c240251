package io.cordon.attacks;

import static org.assertj.core.api.Assertions.assertThat;

import io.cordon.harness.HostJvm;
import io.cordon.harness.PlainProcess;
import io.cordon.harness.PluginJar;
import io.cordon.harness.PolicyFolder;
import io.cordon.harness.ProcessUnderTest;
import io.cordon.harness.Ran;
import io.cordon.harness.SharedCache;
import io.cordon.leaks.NothingLeftBehind;
import io.cordon.sandbox.Plugin;
import io.cordon.sandbox.Sandbox;
import io.cordon.sandbox.Sandboxes;
import io.cordon.sandbox.Tenant;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/**
 * Attack 30: look for secrets in the environment. The host is a JVM of its own here, since no JVM
 * can change the environment that it was started with.
 */
@ExtendWith(NothingLeftBehind.class)
class HostEnvironmentIsNotVisibleIT {

  private static final AttackProgram ATTACK = new AttackProgram("environ_leak.py");
  private static final String MARKER = "CORDON_CANARY";
  private static final String SECRET = "secret-" + UUID.randomUUID();

  private static final Map<String, String> ENVIRONMENT =
      Map.of(
          MARKER,
          SECRET,
          "LANG",
          "C.UTF-8",
          "JAVA_TOOL_OPTIONS",
          "-D" + MARKER + "=" + SECRET,
          // Any library that is there will do: that it is preloaded is the point.
          "LD_PRELOAD",
          "libm.so.6");

  private static final String ATTACKER =
      """
      package attacker;

      import java.nio.file.*;
      import java.util.*;

      public class Reader implements io.cordon.attacks.Guest {
        @Override
        public String act(String marker) {
          List<String> found = new ArrayList<>();
          System.getenv().forEach((name, value) -> found.add("VARIABLE " + name));
          System.getProperties().forEach((name, value) -> look(name + "=" + value, marker, found));
          for (String file : List.of("environ", "cmdline")) {
            try {
              look(Files.readString(Path.of("/proc/self", file)), marker, found);
            } catch (java.io.IOException e) {
              found.add("DENIED " + file);
            }
          }
          return String.join("; ", found);
        }

        private static void look(String text, String marker, List<String> found) {
          if (text.contains(marker)) found.add("FOUND " + text);
        }
      }
      """;

  @Test
  void onlyAllowListedVariablesReachASandbox(@TempDir Path directory) throws Exception {
    Path jar = attacker(directory);
    PolicyFolder policies =
        PolicyFolder.in(directory, new ProcessUnderTest())
            .tenant("acme", "tenant: acme\nenvironment: [ LANG, TZ ]\n");
    try (HostJvm host =
        HostJvm.start(
            Host.class,
            List.of(),
            List.of("-D" + MARKER + ".too=" + SECRET),
            ENVIRONMENT,
            List.of(policies.path().toString(), jar.toString()))) {
      String seen = host.rest();

      assertThat(host.status()).as(host.errors()).isZero();
      assertThat(seen)
          .contains("VARIABLES ['HOME', 'LANG', 'PATH', 'TMPDIR']", "PLUGIN")
          .doesNotContain(SECRET, MARKER, "FOUND", "JAVA_TOOL_OPTIONS", "LD_PRELOAD");
      // The JVM says this of JAVA_TOOL_OPTIONS, as it must; of Cordon there is nothing to say.
      assertThat(host.errors().lines()).allMatch(line -> line.startsWith("Picked up"));
    }
  }

  @Test
  void theControlFindsThem(@TempDir Path directory) throws Exception {
    List<String> command = ATTACK.plainCommandLine(directory, "CORDON_", "CANARY");

    assertThat(PlainProcess.run(directory, command, ENVIRONMENT).output())
        .contains(MARKER, SECRET, "LD_PRELOAD");
    try (HostJvm host =
        HostJvm.start(
            PluginHost.class,
            List.of(attacker(directory)),
            List.of(),
            ENVIRONMENT,
            List.of("attacker.Reader", MARKER))) {
      assertThat(host.rest()).contains("FOUND", SECRET);
    }
  }

  private static Path attacker(Path directory) {
    return PluginJar.against(Guest.class)
        .source("attacker.Reader", ATTACKER)
        .service(Guest.class, "attacker.Reader")
        .packed(directory.resolve("reader.jar"));
  }

  /** An application with secrets. */
  static final class Host {

    private Host() {}

    public static void main(String[] arguments) {
      try (Sandboxes sandboxes =
          Sandboxes.builder(Path.of(arguments[0])).cache(SharedCache.directory()).open()) {
        Tenant acme = sandboxes.tenant("acme");
        System.out.println(Ran.of(acme, ATTACK.command("CORDON_", "CANARY")).stdout());
        try (Sandbox box = acme.open(Plugin.jar(Path.of(arguments[1])))) {
          System.out.println("PLUGIN " + box.service(Guest.class).act("CANARY"));
        }
      }
    }
  }
}
