package io.cordon.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.cordon.conformance.contract.Warehouse;
import io.cordon.harness.Eventually;
import io.cordon.harness.OutcomeAssert;
import io.cordon.harness.TenantPolicy;
import io.cordon.policy.Limit;
import io.cordon.sandbox.Evidence;
import io.cordon.sandbox.Outcome;
import io.cordon.sandbox.OutcomeException;
import io.cordon.sandbox.Plugin;
import io.cordon.sandbox.Sandbox;
import io.cordon.sandbox.Tenant;
import io.cordon.sandbox.Trip;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.stream.Stream;
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
        sandbox: { memory.max: 128Mi, pids.max: 64 }
        task: { output.max: 1Mi }
        """)
interface PluginLimits {

  @Test
  default void aLoopWithoutEndMeetsTheClockAndEveryCallThatWaitsOrComesLaterHasItsOutcome(
      Tenant hasty, Plugin shelf) {
    // On a busy host a worker may be killed before it is heard of what its threads are at; one that
    // tells it at all tells it in one of a few tries.
    String told = "";
    for (int attempt = 0; attempt < 5 && told.isEmpty(); attempt++) {
      told = spinUntilItsTimeIsUp(hasty, shelf);
    }
    assertThat(told).contains("shop.Shelf.spin(Shelf.java:");
  }

  /** Says what was told of its threads. */
  private static String spinUntilItsTimeIsUp(Tenant hasty, Plugin shelf) {
    try (Sandbox box = hasty.open(shelf)) {
      Warehouse warehouse = box.service(Warehouse.class);
      long before = box.usage().cpu().toNanos();
      CompletableFuture<Outcome<?>> spinning = outcome(warehouse::spin);
      Eventually.within(
          Duration.ofSeconds(60),
          () -> box.usage().cpu().toNanos() > before + 50_000_000,
          "the call's spinning");

      List<CompletableFuture<Outcome<?>>> waiting =
          Stream.generate(() -> outcome(warehouse::count)).limit(4).toList();

      Outcome<?> first = spinning.join();
      Trip trip = OutcomeAssert.assertThat(first).exceeded(Limit.WALL, Evidence.HOST);
      assertThat(trip.allowed()).isEqualTo(Duration.ofSeconds(10).toNanos());
      assertThat(waiting).allSatisfy(call -> assertThat(call.join()).isSameAs(first));
      assertThat(outcome(warehouse::count).join()).as("one that comes later").isSameAs(first);
      assertThat(box.usage().cpu()).isPositive();
      return ((Outcome.LimitExceeded<?>) first).guestTrace();
    }
  }

  @Test
  default void everyCallThatWaitsForOneThatIsOutOfMemoryHasTheSameOutcome(
      Tenant patient, Plugin shelf) {
    try (Sandbox box = patient.open(shelf)) {
      Warehouse warehouse = box.service(Warehouse.class);
      List<CompletableFuture<Outcome<?>>> calls =
          Stream.generate(() -> outcome(() -> warehouse.hoard("direct"))).limit(4).toList();

      Outcome<?> first = calls.getFirst().join();
      OutcomeAssert.assertThat(first).exceeded(Limit.MEMORY);
      assertThat(calls).allSatisfy(call -> assertThat(call.join()).isSameAs(first));
    }
  }

  /** How a call ends that does not succeed. */
  private static CompletableFuture<Outcome<?>> outcome(Runnable call) {
    return CompletableFuture.supplyAsync(
        () -> catchThrowableOfType(OutcomeException.class, call::run).outcome(),
        task -> Thread.ofVirtual().start(task));
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
  default void threadsBeyondTheLimitAreDeniedAndThePluginLivesOn(Tenant patient, Plugin shelf) {
    try (Sandbox box = patient.open(shelf)) {
      Warehouse warehouse = box.service(Warehouse.class);

      Outcome<?> failed = outcome(() -> warehouse.hoard("threads")).join();

      Trip trip = OutcomeAssert.assertThat(failed).exceeded(Limit.PIDS);
      assertThat(trip.effect()).isEqualTo(Limit.Effect.DENY);
      assertThat(trip.allowed()).isEqualTo(64);
      assertThat(warehouse.count()).isZero();
    }
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
