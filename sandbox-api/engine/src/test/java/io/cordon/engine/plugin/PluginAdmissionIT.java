package io.cordon.engine.plugin;

import static io.cordon.engine.TestPolicy.generous;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.cordon.engine.TestEngine;
import io.cordon.engine.TestPolicy;
import io.cordon.engine.plugin.contract.Shop;
import io.cordon.policy.AdmissionLimits;
import io.cordon.policy.CpuBudget;
import io.cordon.sandbox.Command;
import io.cordon.sandbox.ErrorCode;
import io.cordon.sandbox.Exit;
import io.cordon.sandbox.Outcome;
import io.cordon.sandbox.OutcomeException;
import io.cordon.sandbox.Plugin;
import io.cordon.sandbox.Sandbox;
import io.cordon.sandbox.SandboxException;
import io.cordon.sandbox.TaskHandle;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Calls of plugins are tasks as others are, and so is opening a sandbox for one. */
@Timeout(120)
class PluginAdmissionIT {
  private static final Command ENDLESS = Command.of("sleep", "1000");

  @TempDir static Path directory;
  private static Path shop;

  @BeforeAll
  static void compile() {
    shop = TestPlugin.shop(directory);
  }

  private static TestPolicy one(int queue) {
    return generous()
        .admission(
            new AdmissionLimits(
                OptionalInt.of(1),
                Optional.empty(),
                Optional.empty(),
                new AdmissionLimits.Queue(queue, Duration.ofHours(1))));
  }

  private static Sandbox open(TestEngine engine) {
    return engine.acme().open(Plugin.jar(shop));
  }

  @Test
  void aSandboxIsNotOpenedBesideAsManyTasksAsThePolicyAllows() {
    try (var engine = new TestEngine(one(0))) {
      TaskHandle<Exit> task = engine.acme().submit(ENDLESS);

      assertThat(catchThrowableOfType(SandboxException.class, () -> open(engine)).code())
          .isEqualTo(ErrorCode.TOO_MANY_TASKS);
      task.cancel();
      task.outcome();
      open(engine).close();
    }
  }

  @Test
  void openingAndCallingWaitUntilThereIsAPlace() throws Exception {
    try (var engine = new TestEngine(one(1))) {
      TaskHandle<Exit> task = engine.acme().submit(ENDLESS);
      FutureTask<Sandbox> opening = waiting(() -> open(engine));
      task.cancel();
      Shop service = opening.get().service(Shop.class);

      TaskHandle<Exit> next = engine.acme().submit(ENDLESS);
      FutureTask<String> call = waiting(() -> service.act("count"));
      next.cancel();
      assertThat(call.get()).isEqualTo("1");
    }
  }

  @Test
  void closingTheSandboxCancelsTheCallThatWaits() {
    try (var engine = new TestEngine(one(1))) {
      Sandbox box = open(engine);
      Shop service = box.service(Shop.class);
      TaskHandle<Exit> task = engine.acme().submit(ENDLESS);
      FutureTask<String> call = waiting(() -> service.act("count"));

      box.close();
      assertCancelled(call);
      assertThat(task.result()).isNotDone();
    }
  }

  @Test
  void closingEverythingCancelsWhoWaitsToOpenASandbox() {
    TestEngine engine = new TestEngine(one(2));
    FutureTask<Sandbox> opening;
    FutureTask<String> call;
    try (engine) {
      Shop service = open(engine).service(Shop.class);
      engine.acme().submit(ENDLESS);
      opening = waiting(() -> open(engine));
      call = waiting(() -> service.act("count"));
    }
    assertThat(catchThrowableOfType(ExecutionException.class, opening::get))
        .hasCauseInstanceOf(SandboxException.class);
    assertThat(catchThrowableOfType(ExecutionException.class, call::get))
        .hasCauseInstanceOf(SandboxException.class);
    assertThat(engine.strategy().cells()).isEmpty();
  }

  @Test
  void anInterruptCancelsTheCallThatWaitsAndSparesTheSandbox() {
    try (var engine = new TestEngine(one(1))) {
      Shop service = open(engine).service(Shop.class);
      TaskHandle<Exit> task = engine.acme().submit(ENDLESS);
      FutureTask<String> call = new FutureTask<>(() -> service.act("count"));
      startAndWait(call).interrupt();

      assertCancelled(call);
      task.cancel();
      task.outcome();
      assertThat(service.act("count")).isEqualTo("1");
    }
  }

  @Test
  void whatAPluginUsesIsChargedToItsTenant() {
    TestPolicy policy =
        generous()
            .wall(Duration.ofSeconds(60))
            .cpuTime(Duration.ofSeconds(2))
            .admission(
                new AdmissionLimits(
                    OptionalInt.empty(),
                    Optional.empty(),
                    Optional.of(new CpuBudget(Duration.ofSeconds(2), Duration.ofDays(1))),
                    AdmissionLimits.Queue.NONE));
    try (var engine = new TestEngine(policy);
        Sandbox spared = open(engine);
        Sandbox box = open(engine)) {
      Shop fine = spared.service(Shop.class);
      assertThat(fine.act("count")).isEqualTo("1");
      Outcome<?> killed = outcome(box.service(Shop.class), "loop");
      assertThat(killed).isInstanceOf(Outcome.LimitExceeded.class);

      assertThat(outcome(fine, "count"))
          .isInstanceOfSatisfying(
              Outcome.Refused.class,
              refused -> assertThat(refused.code()).isEqualTo(ErrorCode.BUDGET_EXCEEDED));
      assertThat(catchThrowableOfType(SandboxException.class, () -> open(engine)).code())
          .isEqualTo(ErrorCode.BUDGET_EXCEEDED);
      assertThat(engine.tenant("globex").run(Command.of("true")).status()).isZero();
    }
  }

  private static Outcome<?> outcome(Shop service, String what) {
    return catchThrowableOfType(OutcomeException.class, () -> service.act(what)).outcome();
  }

  private static void assertCancelled(FutureTask<?> call) {
    ExecutionException failure = catchThrowableOfType(ExecutionException.class, call::get);
    assertThat(failure.getCause())
        .isInstanceOfSatisfying(
            OutcomeException.class,
            e -> assertThat(e.outcome()).isInstanceOf(Outcome.Cancelled.class));
  }

  /** Does this in a thread of its own, which waits for its admission when this returns. */
  private static <T> FutureTask<T> waiting(Callable<T> work) {
    FutureTask<T> task = new FutureTask<>(work);
    startAndWait(task);
    return task;
  }

  private static Thread startAndWait(FutureTask<?> task) {
    Thread thread = Thread.ofPlatform().daemon().start(task);
    while (!(thread.getState() == Thread.State.WAITING && isAtTheDoor(thread))) {
      if (task.isDone()) {
        throw new AssertionError("it did not wait: " + task);
      }
      Thread.onSpinWait();
    }
    return thread;
  }

  private static boolean isAtTheDoor(Thread thread) {
    return Arrays.stream(thread.getStackTrace())
        .anyMatch(frame -> frame.getMethodName().equals("awaitAdmission"));
  }
}
