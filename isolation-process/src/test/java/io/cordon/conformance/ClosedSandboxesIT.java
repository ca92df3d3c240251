package io.cordon.conformance;

import static io.cordon.harness.OutcomeAssert.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.cordon.conformance.contract.Warehouse;
import io.cordon.harness.Eventually;
import io.cordon.harness.MarkedProcesses;
import io.cordon.harness.PolicyFolder;
import io.cordon.harness.SandboxTest;
import io.cordon.harness.SharedCache;
import io.cordon.harness.TenantPolicy;
import io.cordon.sandbox.Command;
import io.cordon.sandbox.ErrorCode;
import io.cordon.sandbox.Exit;
import io.cordon.sandbox.Outcome;
import io.cordon.sandbox.OutcomeException;
import io.cordon.sandbox.Plugin;
import io.cordon.sandbox.Sandbox;
import io.cordon.sandbox.SandboxException;
import io.cordon.sandbox.Sandboxes;
import io.cordon.sandbox.Script;
import io.cordon.sandbox.TaskHandle;
import io.cordon.sandbox.Tenant;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@SandboxTest
@TenantPolicy
@Timeout(120)
class ClosedSandboxesIT {

  @TempDir static Path directory;
  private static Plugin plugin;

  @BeforeAll
  static void pack() {
    plugin = ShelfPlugin.in(directory);
  }

  @Test
  void aClosedSandboxRefusesEveryCall(Tenant acme) {
    Sandbox box = acme.open(plugin);
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
  void closingEndsTheCallThatIsUnderWay(Tenant acme) {
    Sandbox box = acme.open(plugin);
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
  void closingAllOfThemEndsWhatRunsAndRefusesTheRest(PolicyFolder policies) {
    MarkedProcesses sleeper = MarkedProcesses.create();
    Sandboxes sandboxes = Sandboxes.builder(policies.path()).cache(SharedCache.directory()).open();
    Tenant acme = sandboxes.tenant("acme");
    Sandbox box = acme.open(plugin);
    Warehouse warehouse = box.service(Warehouse.class);
    assertThat(warehouse.count()).isZero();
    TaskHandle<Exit> running =
        acme.submit(Command.of("sh", "-c", "sleep 1000; true", sleeper.marker()));
    Eventually.within(
        Duration.ofSeconds(60), () -> !sleeper.alive().isEmpty(), "the program's start");

    sandboxes.close();
    sandboxes.close();

    assertThat(sleeper.alive()).isEmpty();
    assertThat(running.outcome()).cancelled();
    assertThatExceptionOfType(SandboxException.class).isThrownBy(warehouse::count);
    assertThat(acme.submit(Command.of("true")).outcome()).refused(ErrorCode.CLOSED);
    assertThat(acme.submit(Script.javaScript("1")).outcome()).refused(ErrorCode.CLOSED);
    assertThatExceptionOfType(SandboxException.class)
        .isThrownBy(() -> acme.open(plugin))
        .satisfies(e -> assertThat(e.code()).isEqualTo(ErrorCode.CLOSED));
    assertThatExceptionOfType(SandboxException.class)
        .isThrownBy(() -> sandboxes.tenant("acme"))
        .satisfies(e -> assertThat(e.code()).isEqualTo(ErrorCode.CLOSED));
  }
}
