package io.cordon.attacks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.cordon.harness.HostJvm;
import io.cordon.harness.OutcomeAssert;
import io.cordon.harness.PluginJar;
import io.cordon.harness.TenantPolicy;
import io.cordon.sandbox.Outcome;
import io.cordon.sandbox.OutcomeException;
import io.cordon.sandbox.Plugin;
import io.cordon.sandbox.Sandbox;
import io.cordon.sandbox.SandboxException;
import io.cordon.sandbox.Tenant;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Attack 87: System.exit, Runtime.halt, Thread.stop, closing the standard output. */
@AttackTest
@TenantPolicy
class ExitAndHaltHarmOnlyTheirWorkerIT {

  private static final String ATTACKER =
      """
      package attacker;

      import java.io.*;

      public class Quitter implements io.cordon.attacks.Guest {
        @Override
        public String act(String request) {
          switch (request) {
            case "exit" -> System.exit(7);
            case "halt" -> Runtime.getRuntime().halt(7);
            case "exit-later" -> Runtime.getRuntime().addShutdownHook(new Thread(this::spin));
            case "close-out" -> {
              System.out.close();
              System.err.close();
            }
            case "close-channel" -> {
              for (var end : new FileDescriptor[] {FileDescriptor.out, FileDescriptor.err}) {
                try {
                  new FileOutputStream(end).close();
                } catch (IOException e) {
                  throw new UncheckedIOException(e);
                }
              }
            }
            case "stop" -> {
              try {
                Thread.class.getMethod("stop").invoke(Thread.currentThread());
              } catch (ReflectiveOperationException e) {
                return "refused";
              }
            }
            default -> {}
          }
          return "alive";
        }

        private void spin() {
          while (true) Thread.onSpinWait();
        }
      }
      """;

  @TempDir static Path directory;
  private static Path jar;

  @BeforeAll
  static void pack() {
    jar =
        PluginJar.against(Guest.class)
            .source("attacker.Quitter", ATTACKER)
            .service(Guest.class, "attacker.Quitter")
            .packed(directory.resolve("quitter.jar"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"exit", "halt"})
  void anExitIsTheGuestsOwnFailure(String request, Tenant acme) {
    try (Sandbox box = acme.open(Plugin.jar(jar))) {
      Guest guest = box.service(Guest.class);

      assertThatExceptionOfType(OutcomeException.class)
          .isThrownBy(() -> guest.act(request))
          .satisfies(
              e -> {
                Outcome.Failed<?> failed = OutcomeAssert.assertThat(e.outcome()).failed();
                assertThat(failed.exitStatus()).hasValue(7);
              });
      assertThatExceptionOfType(SandboxException.class)
          .as("a later call")
          .isThrownBy(() -> guest.act("nothing"));
    }
    assertANewWorkerServes(acme);
  }

  @Test
  void aShutdownHookThatNeverEndsHoldsNothingUp(Tenant acme) {
    Sandbox box = acme.open(Plugin.jar(jar));
    assertThat(box.service(Guest.class).act("exit-later")).isEqualTo("alive");
    box.close();
    assertANewWorkerServes(acme);
  }

  @Test
  void closingTheStandardStreamsClosesNothingOfTheWorkers(Tenant acme) {
    try (Sandbox box = acme.open(Plugin.jar(jar))) {
      Guest guest = box.service(Guest.class);
      assertThat(guest.act("close-out")).isEqualTo("alive");
      assertThat(guest.act("nothing")).isEqualTo("alive");
    }
  }

  @Test
  void closingTheChannelHarmsOnlyTheSandboxItself(Tenant acme) {
    try (Sandbox box = acme.open(Plugin.jar(jar))) {
      Guest guest = box.service(Guest.class);
      try {
        assertThat(guest.act("close-channel")).isEqualTo("alive");
      } catch (OutcomeException e) {
        // Its own channel, its own loss: whatever it closed, the call ended with a typed outcome.
        assertThat(e.outcome()).isNotInstanceOf(Outcome.Succeeded.class);
      }
    }
    assertANewWorkerServes(acme);
  }

  @Test
  void threadsCannotBeStopped(Tenant acme) {
    try (Sandbox box = acme.open(Plugin.jar(jar))) {
      assertThat(box.service(Guest.class).act("stop")).isEqualTo("refused");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"exit", "halt"})
  void theControlTakesItsHostAlong(String request) throws Exception {
    try (HostJvm host =
        HostJvm.start(
            PluginHost.class,
            List.of(jar),
            List.of(),
            Map.of(),
            List.of("attacker.Quitter", request))) {
      assertThat(host.rest()).doesNotContain("the host lives");
      assertThat(host.status()).isEqualTo(7);
    }
  }

  private static void assertANewWorkerServes(Tenant acme) {
    try (Sandbox box = acme.open(Plugin.jar(jar))) {
      assertThat(box.service(Guest.class).act("nothing")).isEqualTo("alive");
    }
  }
}
