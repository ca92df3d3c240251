package io.cordon.conformance;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.cordon.harness.OutcomeAssert;
import io.cordon.harness.Ran;
import io.cordon.harness.SandboxTest;
import io.cordon.harness.TenantPolicy;
import io.cordon.policy.Limit;
import io.cordon.sandbox.Command;
import io.cordon.sandbox.Evidence;
import io.cordon.sandbox.Exit;
import io.cordon.sandbox.TaskHandle;
import io.cordon.sandbox.Tenant;
import io.cordon.sandbox.Trip;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A tenant's own total is not a sandbox's limit, and the outcome says which it was. */
@SandboxTest
@TenantPolicy(
    name = "acme",
    value =
        """
        tenant: acme
        limits: { memory.max: 96Mi, pids.max: 24 }
        sandbox: { memory.max: 256Mi, pids.max: 20 }
        task: { wall.max: 60s }
        """)
@TenantPolicy(
    name = "globex",
    value =
        """
        tenant: globex
        limits: { memory.max: 96Mi, pids.max: 24 }
        sandbox: { memory.max: 256Mi, pids.max: 20 }
        task: { wall.max: 60s }
        """)
@Timeout(120)
class TenantTotalsIT {
  private static final Command KEEPS_24_MIB =
      Command.of(
              "python3", "-c", "hoard = b'x' * (24 << 20); print('up', flush=True); print(input())")
          .stdin(new Command.Input.Stream())
          .stdout(Command.Output.STREAM);
  // Slow enough for who only looks, 50 times a second: one that passes the tenant's total and its
  // own limit between two looks has met both.
  private static final Command BOMB =
      Command.of(
          "python3",
          "-c",
          "import time\nhoard = []\nwhile True: hoard.append(b'x' * (1 << 20)); time.sleep(0.005)");

  @Test
  void aKillForTheTenantsMemoryNamesTheTenantsLimit(Tenant acme, Tenant globex) throws IOException {
    TaskHandle<Exit> modest = acme.submit(KEEPS_24_MIB);
    TaskHandle<Exit> neighbour = globex.submit(KEEPS_24_MIB);
    assertThat(line(modest)).isEqualTo("up");
    assertThat(line(neighbour)).isEqualTo("up");

    Ran bomb = Ran.of(acme, BOMB);

    Trip trip = OutcomeAssert.assertThat(bomb.outcome()).exceeded(Limit.TENANT_MEMORY);
    assertThat(trip.limit().key()).isEqualTo("tenant/memory.max");
    assertThat(trip.allowed()).isEqualTo(96L << 20);
    assertThat(trip.evidence()).isEqualTo(bomb.counting());
    assertThat(bomb.outcome().report().trips())
        .extracting(Trip::limit)
        .doesNotContain(Limit.MEMORY);
    for (TaskHandle<Exit> unharmed : List.of(modest, neighbour)) {
      assertThat(unharmed.events()).isEmpty();
      unharmed.stdin().write("bye\n".getBytes(UTF_8));
      unharmed.stdin().close();
      OutcomeAssert.assertThat(unharmed.outcome()).succeeded();
    }
  }

  @Test
  void aDenialForTheTenantsProcessesNamesTheTenantsLimit(Tenant acme) throws IOException {
    TaskHandle<Exit> many =
        acme.submit(
            Command.of(
                    "python3",
                    "-c",
                    """
                    import os, time
                    for _ in range(12):
                        if os.fork() == 0:
                            time.sleep(3600)
                    print('up', flush=True)
                    input()
                    """)
                .stdin(new Command.Input.Stream())
                .stdout(Command.Output.STREAM));
    assertThat(line(many)).isEqualTo("up");

    Ran ran =
        Ran.of(
            acme,
            Command.of(
                "python3",
                "-c",
                "import os, time\nfor _ in range(15):\n  if os.fork() == 0: time.sleep(3600)"));

    many.cancel();
    assumeTrue(
        ran.counting() == Evidence.KERNEL,
        "needs control groups that can be written: without them nothing holds the tenant's total");
    Trip trip = OutcomeAssert.assertThat(ran.outcome()).exceeded(Limit.TENANT_PIDS);
    assertThat(trip.allowed()).isEqualTo(24);
    assertThat(trip.effect()).isEqualTo(Limit.Effect.DENY);
    OutcomeAssert.assertThat(many.outcome()).cancelled();
  }

  private static String line(TaskHandle<?> task) throws IOException {
    StringBuilder line = new StringBuilder();
    for (int c = task.stdout().read(); c >= 0 && c != '\n'; c = task.stdout().read()) {
      line.append((char) c);
    }
    return line.toString();
  }
}
