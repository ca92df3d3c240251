package io.cordon.attacks;

import static org.assertj.core.api.Assertions.assertThat;

import io.cordon.harness.HostJvm;
import io.cordon.harness.PluginJar;
import io.cordon.sandbox.Plugin;
import io.cordon.sandbox.Sandbox;
import io.cordon.sandbox.Tenant;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Attack 89: leave something in a worker for whoever gets one next. That a script leaves nothing is
 * part of what every strategy conforms to.
 */
interface NextWorkerFindsNothing {

  String LITTERER =
      """
      package attacker;

      import java.nio.file.*;
      import java.util.*;

      public class Litterer implements io.cordon.attacks.Guest {
        private static String left = "nothing";

        @Override
        public String act(String request) {
          String[] words = request.split(" ");
          return switch (words[0]) {
            case "leave" -> leave(words[1]);
            case "look" -> look(words[1]);
            default -> leave(words[1]) + look(words[1]);
          };
        }

        private String leave(String name) {
          left = name;
          System.setProperty(name, "left");
          TimeZone.setDefault(new SimpleTimeZone(1, name));
          Thread thread = new Thread(() -> {
            while (true) {
              try {
                Thread.sleep(1000);
              } catch (InterruptedException e) {
                // stays
              }
            }
          }, name);
          thread.setDaemon(true);
          thread.start();
          for (String place : List.of("/tmp", "/var/tmp", ".")) {
            try {
              Files.writeString(Path.of(place, name), "left");
            } catch (Exception denied) {
              // another may let it
            }
          }
          return "left ";
        }

        private String look(String name) {
          List<String> found = new ArrayList<>();
          if (left.equals(name)) found.add("field");
          if (System.getProperty(name) != null) found.add("property");
          if (TimeZone.getDefault().getID().equals(name)) found.add("zone");
          if (System.getenv().containsValue(name)) found.add("variable");
          if (Thread.getAllStackTraces().keySet().stream().anyMatch(t -> t.getName().equals(name)))
            found.add("thread");
          for (String place : List.of("/tmp", "/var/tmp", ".")) {
            try {
              if (Files.deleteIfExists(Path.of(place, name))) found.add("file");
            } catch (Exception denied) {
              // there is none
            }
          }
          return found.toString();
        }
      }
      """;

  private static Path packed(Path directory) {
    return PluginJar.against(Guest.class)
        .source("attacker.Litterer", LITTERER)
        .service(Guest.class, "attacker.Litterer")
        .packed(directory.resolve("litterer.jar"));
  }

  @Test
  default void aPluginFindsNothingOfAnother(Tenant acme, Tenant victim, @TempDir Path directory) {
    Plugin litterer = Plugin.jar(packed(directory));
    String name = "residue-" + UUID.randomUUID();
    try (Sandbox first = acme.open(litterer)) {
      assertThat(first.service(Guest.class).act("leave " + name)).isEqualTo("left ");

      // Beside it and after it, of its tenant and of another.
      assertFindsNothing(acme, litterer, name);
      assertFindsNothing(victim, litterer, name);
    }
    assertFindsNothing(acme, litterer, name);
  }

  private static void assertFindsNothing(Tenant tenant, Plugin litterer, String name) {
    try (Sandbox next = tenant.open(litterer)) {
      assertThat(next.service(Guest.class).act("look " + name)).isEqualTo("[]");
    }
  }

  @Test
  default void theControlFindsItAll(@TempDir Path directory) throws Exception {
    String name = "residue-" + UUID.randomUUID();
    try (HostJvm host =
        HostJvm.start(
            PluginHost.class,
            List.of(packed(directory)),
            List.of(),
            Map.of(),
            List.of("attacker.Litterer", "both " + name))) {
      assertThat(host.line()).contains("field", "property", "zone", "thread", "file");
      assertThat(host.status()).isZero();
    }
  }
}
