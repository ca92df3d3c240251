package io.cordon.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.cordon.conformance.contract.Warehouse;
import io.cordon.harness.OutcomeAssert;
import io.cordon.harness.SandboxTest;
import io.cordon.harness.TenantPolicy;
import io.cordon.policy.Limit;
import io.cordon.sandbox.Evidence;
import io.cordon.sandbox.OutcomeException;
import io.cordon.sandbox.Plugin;
import io.cordon.sandbox.Sandbox;
import io.cordon.sandbox.SandboxException;
import io.cordon.sandbox.Tenant;
import io.cordon.sandbox.Trip;
import java.nio.file.Path;
import java.util.function.Consumer;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@SandboxTest
@TenantPolicy(
    """
    tenant: acme
    sandbox: { memory.max: 128Mi }
    task: { wall.max: 2s, output.max: 1Mi }
    """)
@TenantPolicy(
    name = "patient",
    value =
        """
        tenant: patient
        sandbox: { memory.max: 128Mi }
        """)
@Timeout(120)
class PluginLimitsIT {

  @TempDir static Path directory;
  private static Plugin plugin;

  @BeforeAll
  static void pack() {
    plugin = ShelfPlugin.in(directory);
  }

  @Test
  void aLoopWithoutEndMeetsTheClock(Tenant acme) {
    OutcomeException ended = ending(acme, Warehouse::spin);

    Trip trip = OutcomeAssert.assertThat(ended.outcome()).exceeded(Limit.WALL, Evidence.HOST);
    assertThat(trip.allowed()).isEqualTo(2_000_000_000L);
  }

  @Test
  void aFullHeapIsOverTheMemoryLimit(Tenant patient) {
    OutcomeException ended = ending(patient, w -> w.hoard("heap"));

    // Whoever notices first, the JVM or the kernel, says so; the limit is the same.
    OutcomeAssert.assertThat(ended.outcome()).exceeded(Limit.MEMORY);
  }

  @Test
  void catchingTheErrorDoesNotHelp(Tenant patient) {
    OutcomeException ended = ending(patient, w -> w.hoard("stubborn"));

    OutcomeAssert.assertThat(ended.outcome()).exceeded(Limit.MEMORY);
  }

  @Test
  void memoryOutsideTheHeapCountsToo(Tenant patient) {
    OutcomeException ended = ending(patient, w -> w.hoard("direct"));

    OutcomeAssert.assertThat(ended.outcome()).exceeded(Limit.MEMORY);
  }

  @Test
  void aResultLargerThanTheOutputLimitIsNotTaken(Tenant acme) {
    OutcomeException ended = ending(acme, w -> w.large(2 << 20));

    OutcomeAssert.assertThat(ended.outcome()).exceeded(Limit.OUTPUT);
  }

  @Test
  void afterAKillEveryCallThrows(Tenant acme) {
    try (Sandbox box = acme.open(plugin)) {
      Warehouse warehouse = box.service(Warehouse.class);
      assertThatExceptionOfType(OutcomeException.class).isThrownBy(warehouse::spin);
      for (int call = 0; call < 2; call++) {
        assertThatExceptionOfType(SandboxException.class).isThrownBy(warehouse::count);
      }
      assertThat(box.usage().cpu()).isPositive();
    }
  }

  private static OutcomeException ending(Tenant tenant, Consumer<Warehouse> call) {
    try (Sandbox box = tenant.open(plugin)) {
      Warehouse warehouse = box.service(Warehouse.class);
      return catchThrowableOfType(OutcomeException.class, () -> call.accept(warehouse));
    }
  }
}
