package io.cordon.leaks;

import static org.assertj.core.api.Assertions.assertThat;

import io.cordon.attacks.Guest;
import io.cordon.harness.PluginJar;
import io.cordon.harness.SandboxTest;
import io.cordon.harness.TenantPolicy;
import io.cordon.sandbox.Plugin;
import io.cordon.sandbox.Sandbox;
import io.cordon.sandbox.Tenant;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@SandboxTest
@TenantPolicy
@Timeout(300)
class TenThousandCallsEndWhereTheyBeganIT {

  private static final int CALLS = 10_000;

  private static final String ECHO =
      """
      package shop;

      public class Echo implements io.cordon.attacks.Guest {
        @Override
        public String act(String request) {
          System.out.println(request);
          return request;
        }
      }
      """;

  @Test
  void nothingGrowsWithTheCalls(Tenant acme, @TempDir Path directory) {
    Path jar =
        PluginJar.against(Guest.class)
            .source("shop.Echo", ECHO)
            .service(Guest.class, "shop.Echo")
            .packed(directory.resolve("echo.jar"));
    try (Sandbox box = acme.open(Plugin.jar(jar))) {
      Guest guest = box.service(Guest.class);
      call(guest, 500);
      Standing before = Standing.now();

      call(guest, CALLS);

      Standing.now().assertNoMoreThan(before);
    }
  }

  private static void call(Guest guest, int times) {
    for (int i = 0; i < times; i++) {
      String request = "call " + i;
      assertThat(guest.act(request)).isEqualTo(request);
    }
  }
}
