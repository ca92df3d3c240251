package io.cordon.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.cordon.conformance.contract.Warehouse;
import io.cordon.harness.OutcomeAssert;
import io.cordon.harness.TenantPolicy;
import io.cordon.policy.Limit;
import io.cordon.sandbox.Evidence;
import io.cordon.sandbox.Outcome;
import io.cordon.sandbox.OutcomeException;
import io.cordon.sandbox.Plugin;
import io.cordon.sandbox.Sandbox;
import io.cordon.sandbox.SandboxException;
import io.cordon.sandbox.Tenant;
import io.cordon.sandbox.Trip;
import java.time.Duration;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** A plugin that goes too far is ended by the limit that it went beyond. */
@TenantPolicy(
    name = "hasty",
    value =
        """
        tenant: hasty
        sandbox: { memory.max: 128Mi }
        task: { wall.max: 10s }
        """)
@TenantPolicy(
    name = "patient",
    value =
        """
        tenant: patient
        sandbox: { memory.max: 128Mi }
        task: { output.max: 1Mi }
        """)
interface PluginLimits {

  @Test
  default void aLoopWithoutEndMeetsTheClockAndNoCallComesAfterIt(Tenant hasty, Plugin shelf) {
    try (Sandbox box = hasty.open(shelf)) {
      Warehouse warehouse = box.service(Warehouse.class);

      OutcomeException ended = catchThrowableOfType(OutcomeException.class, warehouse::spin);

      Trip trip = OutcomeAssert.assertThat(ended.outcome()).exceeded(Limit.WALL, Evidence.HOST);
      assertThat(trip.allowed()).isEqualTo(Duration.ofSeconds(10).toNanos());
      assertThat(ended.outcome())
          .isInstanceOfSatisfying(
              Outcome.LimitExceeded.class,
              limit -> assertThat(limit.guestTrace()).contains("shop.Shelf.spin(Shelf.java:"));
      for (int call = 0; call < 2; call++) {
        assertThatExceptionOfType(SandboxException.class).isThrownBy(warehouse::count);
      }
      assertThat(box.usage().cpu()).isPositive();
    }
  }

  @Test
  default void aFullHeapIsOverTheMemoryLimit(Tenant patient, Plugin shelf) {
    OutcomeException ended = ending(patient, shelf, w -> w.hoard("heap"));

    // Whoever notices first, the JVM or the kernel, says so; the limit is the same.
    OutcomeAssert.assertThat(ended.outcome()).exceeded(Limit.MEMORY);
  }

  @Test
  default void catchingTheErrorDoesNotHelp(Tenant patient, Plugin shelf) {
    OutcomeException ended = ending(patient, shelf, w -> w.hoard("stubborn"));

    OutcomeAssert.assertThat(ended.outcome()).exceeded(Limit.MEMORY);
  }

  @Test
  default void memoryOutsideTheHeapCountsToo(Tenant patient, Plugin shelf) {
    OutcomeException ended = ending(patient, shelf, w -> w.hoard("direct"));

    OutcomeAssert.assertThat(ended.outcome()).exceeded(Limit.MEMORY);
  }

  @Test
  default void aResultLargerThanTheOutputLimitIsNotTaken(Tenant patient, Plugin shelf) {
    OutcomeException ended = ending(patient, shelf, w -> w.large(2 << 20));

    OutcomeAssert.assertThat(ended.outcome()).exceeded(Limit.OUTPUT);
  }

  private static OutcomeException ending(Tenant tenant, Plugin plugin, Consumer<Warehouse> call) {
    try (Sandbox box = tenant.open(plugin)) {
      Warehouse warehouse = box.service(Warehouse.class);
      return catchThrowableOfType(OutcomeException.class, () -> call.accept(warehouse));
    }
  }
}
