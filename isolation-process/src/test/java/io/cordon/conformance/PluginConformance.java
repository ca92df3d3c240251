package io.cordon.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.cordon.conformance.contract.Warehouse;
import io.cordon.conformance.contract.Warehouse.Delivery;
import io.cordon.conformance.contract.Warehouse.Figures;
import io.cordon.conformance.contract.Warehouse.Item;
import io.cordon.conformance.contract.Warehouse.Unit;
import io.cordon.harness.OutcomeAssert;
import io.cordon.harness.SandboxTest;
import io.cordon.harness.StrategyUnderTest;
import io.cordon.harness.TenantPolicy;
import io.cordon.sandbox.Outcome;
import io.cordon.sandbox.OutcomeException;
import io.cordon.sandbox.Plugin;
import io.cordon.sandbox.Sandbox;
import io.cordon.sandbox.Tenant;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What a plugin is for its application, on any strategy: an object that it calls, which is held to
 * its limits, and which ends when it is closed.
 */
@SandboxTest
@ExtendWith(ShelfPlugin.class)
@TenantPolicy
@Timeout(300)
public abstract class PluginConformance implements PluginRefusals, PluginLimits, ClosedSandboxes {

  private static final Item APPLE =
      new Item("apple", Unit.KILOGRAM, new BigDecimal("2.50"), Optional.of("sweet"));
  private static final Item PEAR =
      new Item("pear", Unit.PIECE, new BigDecimal("1E-3"), Optional.empty());

  private static Sandbox box;
  private static Warehouse warehouse;

  @BeforeAll
  static void open(Tenant acme, Plugin shelf) {
    box = acme.open(shelf);
    warehouse = box.service(Warehouse.class);
  }

  @AfterAll
  static void close() {
    box.close();
  }

  @Test
  void recordsEnumsCollectionsAndOptionalsPass() {
    Delivery delivery =
        new Delivery(
            Instant.parse("2026-02-03T04:05:06.789012345Z"),
            LocalDate.of(2026, 2, 28),
            Duration.ofSeconds(3, 5),
            List.of(APPLE, PEAR),
            Map.of("apple", 3, "", -1),
            Map.of(Unit.PIECE, PEAR),
            Set.of(Unit.PIECE, Unit.KILOGRAM));

    assertThat(warehouse.echo(delivery)).isEqualTo(delivery);
  }

  @Test
  void everyPrimitiveKeepsItsExtremes() {
    for (Figures figures :
        List.of(
            new Figures(
                true,
                Byte.MIN_VALUE,
                Short.MIN_VALUE,
                Integer.MIN_VALUE,
                Long.MIN_VALUE,
                Float.MIN_VALUE,
                Double.MAX_VALUE,
                '\u20ac',
                Integer.MAX_VALUE,
                BigInteger.TWO.pow(200)),
            new Figures(
                false,
                (byte) 0,
                (short) 0,
                0,
                Long.MAX_VALUE,
                -0f,
                1 / 3d,
                '\0',
                0,
                BigInteger.ZERO),
            new Figures(
                false,
                (byte) 1,
                (short) 1,
                1,
                1,
                Float.POSITIVE_INFINITY,
                Double.NaN,
                '"',
                1,
                BigInteger.ONE))) {
      assertThat(warehouse.echo(figures)).isEqualTo(figures);
    }
  }

  @Test
  void arraysPass() {
    byte[] bytes = new byte[1 << 20];
    new java.util.Random(42).nextBytes(bytes);

    assertThat(warehouse.echo(bytes)).isEqualTo(bytes);
    assertThat(warehouse.echo(new int[] {3, 1, 2})).containsExactly(3, 1, 2);
    assertThat(warehouse.echo(new byte[0])).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "grüße", "\u0000\u0001\n\"\\", "\ud83d\ude00", "</script>"})
  void anyTextPasses(String text) {
    assertThat(warehouse.echo(text)).isEqualTo(text);
  }

  @Test
  void thePluginKeepsItsState(Tenant acme, Plugin shelf) {
    try (Sandbox own = acme.open(shelf)) {
      Warehouse state = own.service(Warehouse.class);
      assertThat(state.count()).isZero();
      state.add(APPLE);
      state.add(PEAR);

      assertThat(state.count()).isEqualTo(2);
      assertThat(state.find("apple")).contains(APPLE);
      assertThat(state.find("plum")).isEmpty();
      assertThat(state.all()).containsExactly(APPLE, PEAR);
      assertThat(own.service(Warehouse.class).count()).as("the same service").isEqualTo(2);
    }
    try (Sandbox another = acme.open(shelf)) {
      assertThat(another.service(Warehouse.class).count()).isZero();
    }
  }

  @Test
  void aDefaultMethodOfTheContractWorks() {
    assertThat(warehouse.describe(APPLE)).isEqualTo("apple at 2.50 a KILOGRAM");
  }

  @Test
  void theMethodsOfEveryObjectStayOnTheHost() {
    assertThat(new ArrayList<>(Set.of(warehouse))).containsExactly(warehouse);
    assertThat(warehouse.toString()).contains("Warehouse");
  }

  @Test
  void anExceptionIsTheGuestsFailureAndTheSandboxGoesOn() {
    assertThatExceptionOfType(OutcomeException.class)
        .isThrownBy(() -> warehouse.fail("out of plums"))
        .satisfies(
            e -> {
              Outcome.Failed<?> failed = OutcomeAssert.assertThat(e.outcome()).failed();
              assertThat(failed.message()).contains("out of plums");
              assertThat(failed.guestTrace()).contains("NoSuchElementException", "shop.Shelf.fail");
              assertThat(failed.exitStatus()).isEmpty();
            });

    assertThat(warehouse.echo("still there")).isEqualTo("still there");
  }

  @Test
  void whatThePluginPrintsIsNoPartOfTheConversation() {
    for (int i = 0; i < 100; i++) {
      assertThat(warehouse.print("\u0000\u0000\u0000\u0004{}".repeat(i))).isEqualTo(6 * i);
    }
  }

  @Test
  void callsOfManyThreadsRunOneAtATime() throws Exception {
    List<Callable<String>> calls = new ArrayList<>();
    for (int i = 0; i < 200; i++) {
      String word = "caller " + i;
      calls.add(() -> warehouse.echo(word));
    }
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      int i = 0;
      for (Future<String> answer : threads.invokeAll(calls)) {
        assertThat(answer.get()).isEqualTo("caller " + i++);
      }
    }
  }

  @Test
  void theSandboxTellsWhatItUsed(StrategyUnderTest strategy) {
    long before = box.usage().cpu().toNanos();
    for (int i = 0; i < 200; i++) {
      warehouse.large(10_000);
    }
    assertThat(box.usage().cpu().toNanos()).isPositive().isGreaterThanOrEqualTo(before);
    assertThat(box.usage().memoryPeak().orElseThrow()).isGreaterThan(1 << 20);
    assertThat(box.isolation().strategy()).isEqualTo(strategy.name());
    assertThat(box.isolation().launch().orElseThrow()).isPositive();
  }
}
