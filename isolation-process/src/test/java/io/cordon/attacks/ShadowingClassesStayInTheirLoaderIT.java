package io.cordon.attacks;

import static org.assertj.core.api.Assertions.assertThat;

import io.cordon.harness.HostJvm;
import io.cordon.harness.PluginJar;
import io.cordon.harness.TenantPolicy;
import io.cordon.sandbox.Plugin;
import io.cordon.sandbox.Sandbox;
import io.cordon.sandbox.Tenant;
import java.lang.classfile.ClassFile;
import java.lang.constant.ClassDesc;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Attack 88: a plugin ships classes named like the worker's, its library's, the JDK's. */
@AttackTest
@TenantPolicy
class ShadowingClassesStayInTheirLoaderIT {

  private static final String WORKER = "io.cordon.worker.Main";
  private static final String LIBRARY = "com.fasterxml.jackson.core.JsonFactory";
  private static final String JDK = "java.lang.Shadow";

  private static final String ATTACKER =
      """
      package attacker;

      public class Shadower implements io.cordon.attacks.Guest {
        @Override
        public String act(String request) {
          try {
            Class<?> found = Class.forName(request);
            String loader = found.getClassLoader() == getClass().getClassLoader() ? "own" : "other";
            return loader + " " + found.getField("WHOSE").get(null);
          } catch (ClassNotFoundException | NoClassDefFoundError | SecurityException e) {
            return "not found";
          } catch (NoSuchFieldException e) {
            return "the worker's";
          } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
          }
        }
      }
      """;

  @TempDir static Path directory;
  private static Path shadowing;
  private static Path plain;

  @BeforeAll
  static void pack() {
    shadowing =
        attacker()
            .source(WORKER, shadow("io.cordon.worker", "Main"))
            .source(LIBRARY, shadow("com.fasterxml.jackson.core", "JsonFactory"))
            .entry("java/lang/Shadow.class", ClassFile.of().build(ClassDesc.of(JDK), shadow -> {}))
            .entry(
                "io/cordon/attacks/Guest.class",
                ClassFile.of().build(ClassDesc.of(Guest.class.getName()), guest -> {}))
            .packed(directory.resolve("shadowing.jar"));
    plain = attacker().packed(directory.resolve("plain.jar"));
  }

  @Test
  void theWorkerUsesItsOwnClassesAndThePluginTheOnesItShips(Tenant acme) {
    try (Sandbox box = acme.open(Plugin.jar(shadowing))) {
      // That a call comes back at all shows whose classes the worker and the contract are.
      Guest guest = box.service(Guest.class);
      assertThat(guest.act(WORKER)).isEqualTo("own the plugin's");
      assertThat(guest.act(LIBRARY)).isEqualTo("own the plugin's");
      assertThat(guest.act(JDK)).isEqualTo("not found");
    }
  }

  @Test
  void aPluginDoesNotSeeTheWorkersClasses(Tenant acme) {
    try (Sandbox box = acme.open(Plugin.jar(plain))) {
      Guest guest = box.service(Guest.class);
      assertThat(guest.act(WORKER)).isEqualTo("not found");
      assertThat(guest.act(LIBRARY)).isEqualTo("not found");
    }
  }

  @Test
  void theControlShadowsTheClassesOfAnApplicationOnOneClassPath() throws Exception {
    try (HostJvm host =
        HostJvm.start(
            PluginHost.class,
            // Its broken contract would win as well, and the control be over before it began.
            List.of(
                attacker()
                    .source(WORKER, shadow("io.cordon.worker", "Main"))
                    .packed(directory.resolve("control.jar"))),
            List.of(),
            Map.of(),
            List.of("attacker.Shadower", WORKER))) {
      assertThat(host.rest()).contains("own the plugin's");
    }
  }

  private static PluginJar attacker() {
    return PluginJar.against(Guest.class)
        .source("attacker.Shadower", ATTACKER)
        .service(Guest.class, "attacker.Shadower");
  }

  private static String shadow(String packageName, String className) {
    return """
    package %s;

    public class %s {
      public static final String WHOSE = String.valueOf("the plugin's");
    }
    """
        .formatted(packageName, className);
  }
}
