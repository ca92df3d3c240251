package io.cordon.conformance;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.cordon.conformance.contract.Warehouse;
import io.cordon.harness.Eventually;
import io.cordon.harness.Keeper;
import io.cordon.harness.OutcomeAssert;
import io.cordon.harness.SandboxTest;
import io.cordon.harness.TenantPolicy;
import io.cordon.sandbox.Command;
import io.cordon.sandbox.ErrorCode;
import io.cordon.sandbox.Exit;
import io.cordon.sandbox.Plugin;
import io.cordon.sandbox.Quota;
import io.cordon.sandbox.Sandbox;
import io.cordon.sandbox.SandboxException;
import io.cordon.sandbox.TaskHandle;
import io.cordon.sandbox.Tenant;
import io.cordon.sandbox.Usage;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** What runs can be stopped, continued, looked at and held tighter. */
@SandboxTest
@ExtendWith(ShelfPlugin.class)
@TenantPolicy(
    name = "acme",
    value =
        """
        tenant: acme
        sandbox: { memory.max: 192Mi, cpu.max: 1 }
        task: { wall.max: 60s }
        """)
@Timeout(600)
public abstract class LiveControlConformance {
  private static final Duration AMPLE = Duration.ofSeconds(30);
  private static final Duration PAUSE = Duration.ofMillis(300);
  private static final Command ECHO =
      Command.of("cat").stdin(new Command.Input.Stream()).stdout(Command.Output.STREAM);

  @Test
  void aPausedTasksWallClockStandsStillAndItGoesOn(Tenant acme) throws IOException {
    long submitted = System.nanoTime();
    TaskHandle<Exit> task = acme.submit(ECHO);
    say(task, "one");
    assertThat(Keeper.nextLine(task)).isEqualTo("one");
    task.pause();

    Duration wall = task.usage().wall();
    long then = System.nanoTime();
    Eventually.within(
        AMPLE, () -> System.nanoTime() - then > PAUSE.toNanos(), "the host's clock goes on");

    assertThat(task.usage().wall()).isEqualTo(wall).isPositive();
    assertThat(task.result()).isNotDone();
    task.resume();
    say(task, "two");
    assertThat(Keeper.nextLine(task)).isEqualTo("two");
    task.stdin().close();
    OutcomeAssert.assertThat(task.outcome()).succeeded();
    assertThat(task.usage().wall())
        .isBetween(wall, Duration.ofNanos(System.nanoTime() - submitted).minus(PAUSE));
  }

  @Test
  void aPausedTaskIsCancelledAsAnyOther(Tenant acme) throws IOException {
    TaskHandle<Exit> task = acme.submit(ECHO);
    say(task, "one");
    assertThat(Keeper.nextLine(task)).isEqualTo("one");
    task.pause();

    task.cancel();

    OutcomeAssert.assertThat(task.outcome()).cancelled();
    task.pause();
    task.resume();
  }

  @Test
  void aCallToAPausedSandboxWaits(Tenant acme, Plugin plugin) {
    try (Sandbox box = acme.open(plugin)) {
      Warehouse warehouse = box.service(Warehouse.class);
      box.pause();
      CompletableFuture<String> call = CompletableFuture.supplyAsync(() -> warehouse.echo("there"));

      LockSupport.parkNanos(Duration.ofMillis(500).toNanos()); // more than it takes

      assertThat(call).isNotDone();
      box.resume();
      assertThat(call.join()).isEqualTo("there");
    }
  }

  @Test
  void whoIsInterruptedPausesAndResumesAsAnybody(Tenant acme, Plugin plugin) {
    try (Sandbox box = acme.open(plugin)) {
      Warehouse warehouse = box.service(Warehouse.class);
      Thread.currentThread().interrupt();
      box.pause();
      box.resume();
      assertThat(Thread.interrupted()).isTrue();

      assertThat(warehouse.echo("there")).isEqualTo("there");
    }
  }

  @Test
  void aPausedSandboxIsClosedAsAnyOther(Tenant acme, Plugin plugin) {
    Sandbox box = acme.open(plugin);
    box.pause();

    box.close();

    assertThatExceptionOfType(SandboxException.class)
        .isThrownBy(box::resume)
        .satisfies(e -> assertThat(e.code()).isEqualTo(ErrorCode.CLOSED));
  }

  @Test
  void aSandboxIsResizedWithinItsPolicy(Tenant acme, Plugin plugin) {
    try (Sandbox box = acme.open(plugin)) {
      Warehouse warehouse = box.service(Warehouse.class);
      Quota policy = box.quota();
      assertThat(policy).isEqualTo(new Quota(1000, 192L << 20, 128));

      box.resize(quota -> quota.memory("160Mi"));
      assertThat(box.quota().memoryBytes()).isEqualTo(160L << 20);
      assertThat(warehouse.echo("there")).isEqualTo("there");
      box.resize(quota -> policy);

      assertThatExceptionOfType(SandboxException.class)
          .isThrownBy(() -> box.resize(quota -> quota.memory("193Mi")))
          .satisfies(e -> assertThat(e.code()).isEqualTo(ErrorCode.LIMIT_TOO_LARGE))
          .withMessageContaining("memory.max")
          .withMessageContaining("192Mi");
      assertThatExceptionOfType(SandboxException.class)
          .isThrownBy(() -> box.resize(quota -> quota.cpu("2")))
          .satisfies(e -> assertThat(e.code()).isEqualTo(ErrorCode.LIMIT_TOO_LARGE));
      assertThatExceptionOfType(SandboxException.class)
          .isThrownBy(() -> box.resize(quota -> quota.pids(0)))
          .satisfies(e -> assertThat(e.code()).isEqualTo(ErrorCode.LIMIT_TOO_SMALL));
      assertThat(box.quota()).isEqualTo(policy);
    }
  }

  @Test
  void usageIsLive(Tenant acme) throws IOException {
    TaskHandle<Exit> task = acme.submit(ECHO);
    say(task, "one");
    assertThat(Keeper.nextLine(task)).isEqualTo("one");

    Eventually.within(
        AMPLE,
        () -> task.usage().now().memory().orElse(0) > 0 && task.usage().now().pids().orElse(0) > 0,
        "memory and processes are seen");

    Usage.Live now = task.usage().now();
    if (task.isolation().tier().startsWith("cgroup")) {
      assertThat(now.cpuThrottled()).isPresent();
    }
    task.stdin().close();
    OutcomeAssert.assertThat(task.outcome()).succeeded();
  }

  private static void say(TaskHandle<?> task, String line) throws IOException {
    task.stdin().write((line + "\n").getBytes(UTF_8));
    task.stdin().flush();
  }
}
