package io.cordon.conformance;

import static io.cordon.harness.OutcomeAssert.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.cordon.conformance.contract.Warehouse;
import io.cordon.harness.Eventually;
import io.cordon.harness.PolicyFolder;
import io.cordon.harness.Sleeper;
import io.cordon.harness.StrategyUnderTest;
import io.cordon.harness.Tools;
import io.cordon.sandbox.ErrorCode;
import io.cordon.sandbox.Outcome;
import io.cordon.sandbox.OutcomeException;
import io.cordon.sandbox.Plugin;
import io.cordon.sandbox.Sandbox;
import io.cordon.sandbox.SandboxException;
import io.cordon.sandbox.Sandboxes;
import io.cordon.sandbox.Script;
import io.cordon.sandbox.Tenant;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** What is closed is dead, and refuses what comes later. */
interface ClosedSandboxes {

  @Test
  default void aClosedSandboxRefusesEveryCall(Tenant acme, Plugin shelf) {
    Sandbox box = acme.open(shelf);
    Warehouse warehouse = box.service(Warehouse.class);

    box.close();
    box.close();

    assertThatExceptionOfType(SandboxException.class)
        .isThrownBy(warehouse::count)
        .satisfies(e -> assertThat(e.code()).isEqualTo(ErrorCode.CLOSED));
    assertThatExceptionOfType(SandboxException.class)
        .isThrownBy(() -> box.service(Warehouse.class))
        .satisfies(e -> assertThat(e.code()).isEqualTo(ErrorCode.CLOSED));
    assertThat(box.usage().cpu()).as("what it used is still known").isPositive();
  }

  @Test
  default void closingEndsTheCallThatIsUnderWay(Tenant acme, Plugin shelf) {
    Sandbox box = acme.open(shelf);
    Warehouse warehouse = box.service(Warehouse.class);
    long before = box.usage().cpu().toNanos();
    CompletableFuture<Void> spinning =
        CompletableFuture.runAsync(warehouse::spin, task -> Thread.ofVirtual().start(task));
    Eventually.within(
        Duration.ofSeconds(60),
        () -> box.usage().cpu().toNanos() > before + 50_000_000,
        "the call's spinning");

    box.close();

    assertThat(spinning)
        .failsWithin(Duration.ofSeconds(60))
        .withThrowableOfType(java.util.concurrent.ExecutionException.class)
        .havingCause()
        .isInstanceOfSatisfying(
            OutcomeException.class,
            e -> assertThat(e.outcome()).isInstanceOf(Outcome.Cancelled.class));
  }

  @Test
  default void closingAllOfThemEndsWhatRunsAndRefusesTheRest(
      PolicyFolder policies, Tools tools, Plugin shelf, StrategyUnderTest strategy)
      throws IOException {
    Sandboxes sandboxes = Sandboxes.builder(policies.path()).cache(strategy.cache()).open();
    Tenant acme = sandboxes.tenant("acme");
    Sandbox box = acme.open(shelf);
    Warehouse warehouse = box.service(Warehouse.class);
    assertThat(warehouse.count()).isZero();
    Sleeper sleeper = Sleeper.of(acme, tools);
    sleeper.awaitStart(strategy);

    sandboxes.close();
    sandboxes.close();

    sleeper.assertDead();
    assertThat(sleeper.task().outcome()).cancelled();
    assertThatExceptionOfType(SandboxException.class).isThrownBy(warehouse::count);
    assertThat(acme.submit(tools.command("true")).outcome()).refused(ErrorCode.CLOSED);
    assertThat(acme.submit(Script.javaScript("1")).outcome()).refused(ErrorCode.CLOSED);
    assertThatExceptionOfType(SandboxException.class)
        .isThrownBy(() -> acme.open(shelf))
        .satisfies(e -> assertThat(e.code()).isEqualTo(ErrorCode.CLOSED));
    assertThatExceptionOfType(SandboxException.class)
        .isThrownBy(() -> sandboxes.tenant("acme"))
        .satisfies(e -> assertThat(e.code()).isEqualTo(ErrorCode.CLOSED));
  }
}
