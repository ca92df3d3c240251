package io.cordon.leaks;

import static org.assertj.core.api.Assertions.assertThat;

import io.cordon.attacks.Guest;
import io.cordon.harness.PluginJar;
import io.cordon.harness.SandboxTest;
import io.cordon.harness.TenantPolicy;
import io.cordon.sandbox.Command;
import io.cordon.sandbox.Plugin;
import io.cordon.sandbox.Sandbox;
import io.cordon.sandbox.Tenant;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@SandboxTest
@TenantPolicy
@Timeout(1800)
class FiveHundredSandboxesLeaveNothingIT {

  private static final int TIMES = 500;

  private static final String GREETER =
      """
      package shop;

      public class Greeter implements io.cordon.attacks.Guest {
        @Override
        public String act(String request) {
          return "hello " + request;
        }
      }
      """;

  @TempDir static Path directory;
  private static Plugin plugin;

  @BeforeAll
  static void pack() {
    plugin =
        Plugin.jar(
            PluginJar.against(Guest.class)
                .source("shop.Greeter", GREETER)
                .service(Guest.class, "shop.Greeter")
                .packed(directory.resolve("greeter.jar")));
  }

  @Test
  void ofCommands(Tenant acme) {
    repeat(50, () -> acme.run(Command.of("true")));
    Standing before = Standing.now();

    repeat(TIMES, () -> acme.run(Command.of("true")));

    Standing.now().assertNoMoreThan(before);
  }

  @Test
  void ofPlugins(Tenant acme) {
    repeat(10, () -> openAndClose(acme));
    Standing before = Standing.now();

    repeat(TIMES, () -> openAndClose(acme));

    Standing.now().assertNoMoreThan(before);
  }

  private static void openAndClose(Tenant acme) {
    try (Sandbox box = acme.open(plugin)) {
      assertThat(box.service(Guest.class).act("you")).isEqualTo("hello you");
    }
  }

  private static void repeat(int times, Runnable what) {
    for (int i = 0; i < times; i++) {
      what.run();
    }
  }
}
