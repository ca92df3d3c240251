package io.cordon.engine.task;

import static io.cordon.engine.TestPolicy.generous;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.cordon.engine.TestEngine;
import io.cordon.engine.TestPolicy;
import io.cordon.engine.admission.FakeTicker;
import io.cordon.policy.AdmissionLimits;
import io.cordon.policy.CpuBudget;
import io.cordon.policy.Limit;
import io.cordon.policy.TaskRate;
import io.cordon.sandbox.Command;
import io.cordon.sandbox.ErrorCode;
import io.cordon.sandbox.Exit;
import io.cordon.sandbox.Outcome;
import io.cordon.sandbox.OutcomeException;
import io.cordon.sandbox.TaskHandle;
import io.cordon.sandbox.Tenant;
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.FutureTask;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** When real tasks begin. The engine's clock is the test's own where time matters. */
@Timeout(60)
class AdmissionIT {
  private static final Duration SECOND = Duration.ofSeconds(1);
  private static final AdmissionLimits.Queue NO_QUEUE = AdmissionLimits.Queue.NONE;
  private static final AdmissionLimits.Queue PATIENT =
      new AdmissionLimits.Queue(10, Duration.ofHours(1));
  private static final Command ENDLESS = Command.of("sleep", "1000");
  private static final Command QUICK = Command.of("true");

  private final FakeTicker ticker = new FakeTicker();

  private TestEngine engine(TestPolicy policy) {
    return new TestEngine(policy, OptionalInt.empty(), ticker);
  }

  private static TestPolicy concurrent(int tasks, AdmissionLimits.Queue queue) {
    return generous()
        .admission(
            new AdmissionLimits(OptionalInt.of(tasks), Optional.empty(), Optional.empty(), queue));
  }

  private static TestPolicy rate(int count, AdmissionLimits.Queue queue) {
    return generous()
        .admission(
            new AdmissionLimits(
                OptionalInt.empty(),
                Optional.of(new TaskRate(count, SECOND)),
                Optional.empty(),
                queue));
  }

  private static TestPolicy budget(Duration amount) {
    return generous()
        .admission(
            new AdmissionLimits(
                OptionalInt.empty(),
                Optional.empty(),
                Optional.of(new CpuBudget(amount, Duration.ofHours(1))),
                NO_QUEUE));
  }

  private static Optional<ErrorCode> refusal(Outcome<?> outcome) {
    return outcome instanceof Outcome.Refused<?> refused
        ? Optional.of(refused.code())
        : Optional.empty();
  }

  private static long threadsOf(String tenant) {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().equals("cordon-task-" + tenant))
        .count();
  }

  @Test
  void theThirdOfTwoBeginsWhenOneEndsAndTakesNoThreadBefore() {
    try (var engine = engine(concurrent(2, PATIENT))) {
      Tenant tenant = engine.tenant("third-waits");
      TaskHandle<Exit> first = tenant.submit(ENDLESS);
      tenant.submit(ENDLESS);
      TaskHandle<Exit> third = tenant.submit(QUICK);

      assertThat(threadsOf("third-waits")).isEqualTo(2);
      assertThat(third.result()).isNotDone();
      assertThat(third.usage().wall()).isZero();

      first.cancel();
      assertThat(third.outcome()).isInstanceOf(Outcome.Succeeded.class);
    }
  }

  @Test
  void wallMaxDoesNotRunWhileATaskWaits() {
    try (var engine = engine(concurrent(1, PATIENT).wall(SECOND.multipliedBy(5)))) {
      TaskHandle<Exit> first = engine.acme().submit(ENDLESS);
      TaskHandle<Exit> second = engine.acme().submit(QUICK);
      while (first.usage().wall().isZero()) { // it is not dispatched yet
        ticker.pass(Duration.ofNanos(1));
      }
      ticker.pass(SECOND.multipliedBy(5));

      assertThat(first.outcome())
          .isInstanceOfSatisfying(
              Outcome.LimitExceeded.class, it -> assertThat(it.limit()).isEqualTo(Limit.WALL));
      assertThat(second.outcome()).isInstanceOf(Outcome.Succeeded.class);
    }
  }

  @Test
  void whatTheApplicationAllowsRunsOutWhileATaskWaits() throws Exception {
    try (var engine = engine(concurrent(1, PATIENT))) {
      TaskHandle<Exit> first = engine.acme().submit(ENDLESS);
      FutureTask<Outcome<?>> second =
          new FutureTask<>(
              () ->
                  catchThrowableOfType(
                          OutcomeException.class, () -> engine.acme().run(QUICK, SECOND))
                      .outcome());
      Thread caller = Thread.ofPlatform().daemon().start(second);
      while (caller.getState() != Thread.State.WAITING || !waitsForItsOutcome(caller)) {
        Thread.onSpinWait();
      }
      ticker.pass(SECOND);

      assertThat(second.get())
          .isInstanceOfSatisfying(
              Outcome.LimitExceeded.class,
              exceeded -> {
                assertThat(exceeded.limit()).isEqualTo(Limit.WALL);
                assertThat(exceeded.allowed()).isEqualTo(SECOND.toNanos());
              });
      first.cancel();
    }
  }

  private static boolean waitsForItsOutcome(Thread thread) {
    return Arrays.stream(thread.getStackTrace())
        .anyMatch(frame -> frame.getMethodName().equals("outcome"));
  }

  @Test
  void aTaskThatHasWaitedInVainIsRefusedAndSaysSo() {
    AdmissionLimits.Queue second = new AdmissionLimits.Queue(1, SECOND);
    try (var engine = engine(concurrent(1, second))) {
      engine.acme().submit(ENDLESS);
      TaskHandle<Exit> waiting = engine.acme().submit(QUICK);
      assertThat(refusal(engine.acme().submit(QUICK).outcome()))
          .as("the queue is full")
          .contains(ErrorCode.TOO_MANY_TASKS);

      ticker.pass(SECOND);
      assertThat(waiting.outcome())
          .isInstanceOfSatisfying(
              Outcome.Refused.class,
              refused -> {
                assertThat(refused.code()).isEqualTo(ErrorCode.TOO_MANY_TASKS);
                assertThat(refused.reason()).contains("acme", "tasks.concurrent", "1s");
                assertThat(refused.report().isolation().strategy()).isEqualTo("none");
              });
    }
  }

  @Test
  void aWaitingTaskIsCancelledAtOnceAndNeverBegins() {
    try (var engine = engine(concurrent(1, PATIENT))) {
      TaskHandle<Exit> first = engine.acme().submit(ENDLESS);
      TaskHandle<Exit> second = engine.acme().submit(ENDLESS);
      TaskHandle<Exit> third = engine.acme().submit(QUICK);

      second.cancel();
      assertThat(second.outcome()).isInstanceOf(Outcome.Cancelled.class);
      first.cancel();
      assertThat(third.outcome()).isInstanceOf(Outcome.Succeeded.class);
      assertThat(engine.strategy().launched()).hasSizeLessThanOrEqualTo(2);
    }
  }

  @Test
  void whoWritesToATaskThatNeverBeginsIsToldSo() {
    try (var engine = engine(concurrent(1, new AdmissionLimits.Queue(1, SECOND)))) {
      Command reader = Command.of("cat").stdin(new Command.Input.Stream());
      TaskHandle<Exit> inside = engine.acme().submit(ENDLESS);
      TaskHandle<Exit> waiting = engine.acme().submit(reader);
      TaskHandle<Exit> refused = engine.acme().submit(reader);

      assertThatThrownBy(() -> refused.stdin().write(1)).isInstanceOf(IOException.class);
      ticker.pass(SECOND);
      assertThatThrownBy(() -> waiting.stdin().write(1)).isInstanceOf(IOException.class);
      inside.cancel();
    }
  }

  @Test
  void closingCancelsEverythingThatWaits() {
    List<TaskHandle<Exit>> waiting;
    TestEngine engine = engine(concurrent(1, PATIENT));
    try (engine) {
      engine.acme().submit(ENDLESS);
      waiting = IntStream.range(0, 10).mapToObj(i -> engine.acme().submit(QUICK)).toList();
    }
    assertThat(waiting)
        .allSatisfy(task -> assertThat(task.outcome()).isInstanceOf(Outcome.Cancelled.class));
    assertThat(engine.strategy().launched()).hasSizeLessThanOrEqualTo(1);
  }

  @Test
  void theSixthTaskOfFiveASecondIsRefusedAndAnotherTenantsIsNot() {
    try (var engine = engine(rate(5, NO_QUEUE))) {
      for (int i = 0; i < 5; i++) {
        engine.acme().run(QUICK);
      }
      assertThat(refusal(engine.acme().submit(QUICK).outcome())).contains(ErrorCode.RATE_EXCEEDED);
      assertThat(engine.tenant("globex").run(QUICK).status()).isZero();

      ticker.pass(Duration.ofMillis(200));
      assertThat(engine.acme().run(QUICK).status()).isZero();
    }
  }

  @Test
  void theSixthTaskOfFiveASecondWaitsUntilThereIsATokenForIt() {
    try (var engine = engine(rate(5, PATIENT))) {
      for (int i = 0; i < 5; i++) {
        engine.acme().run(QUICK);
      }
      TaskHandle<Exit> sixth = engine.acme().submit(QUICK);
      TaskHandle<Exit> seventh = engine.acme().submit(QUICK);
      assertThat(sixth.result()).isNotDone();

      ticker.pass(Duration.ofMillis(200));
      assertThat(sixth.outcome()).isInstanceOf(Outcome.Succeeded.class);
      assertThat(seventh.result()).isNotDone();
    }
  }

  @Test
  void whoHasUsedItsProcessorTimeBeginsNothingMoreAndAnotherTenantDoes() {
    try (var engine = engine(budget(SECOND).cpuTime(SECOND))) {
      Command burn = Command.of("/bin/sh", "-c", "while :; do :; done");
      assertThat(engine.acme().submit(burn).outcome())
          .isInstanceOfSatisfying(
              Outcome.LimitExceeded.class, it -> assertThat(it.limit()).isEqualTo(Limit.CPU_TIME));

      assertThat(engine.acme().submit(QUICK).outcome())
          .isInstanceOfSatisfying(
              Outcome.Refused.class,
              refused -> {
                assertThat(refused.code()).isEqualTo(ErrorCode.BUDGET_EXCEEDED);
                assertThat(refused.reason()).contains("acme", "cpu.budget", "1s per 1h");
              });
      assertThat(engine.tenant("globex").run(QUICK).status()).isZero();

      ticker.pass(Duration.ofMinutes(61));
      assertThat(engine.acme().run(QUICK).status()).isZero();
    }
  }

  @Test
  void anEndlessTaskUsesUpTheBudgetWhileItRunsAndGoesOn() {
    try (var engine = engine(budget(Duration.ofMillis(500)))) {
      TaskHandle<Exit> burning =
          engine.acme().submit(Command.of("/bin/sh", "-c", "while :; do :; done"));
      Outcome<Exit> next = engine.acme().submit(QUICK).outcome();
      while (next instanceof Outcome.Succeeded) {
        next = engine.acme().submit(QUICK).outcome();
      }

      assertThat(refusal(next)).contains(ErrorCode.BUDGET_EXCEEDED);
      assertThat(burning.result()).isNotDone();
      burning.cancel();
    }
  }

  @Test
  void moreThanAllTenantsTogetherMayHaveWaitForTheirTurn() {
    try (var engine = new TestEngine(concurrent(8, PATIENT), OptionalInt.of(1), ticker)) {
      TaskHandle<Exit> inside = engine.acme().submit(ENDLESS);
      TaskHandle<Exit> more = engine.acme().submit(ENDLESS);
      TaskHandle<Exit> others = engine.tenant("globex").submit(QUICK);
      TaskHandle<Exit> last = engine.acme().submit(QUICK);
      assertThat(others.result()).isNotDone();

      inside.cancel();
      inside.outcome();
      assertThat(others.result()).as("it was acme's turn").isNotDone();
      more.cancel();
      assertThat(others.outcome()).isInstanceOf(Outcome.Succeeded.class);
      assertThat(last.outcome()).isInstanceOf(Outcome.Succeeded.class);
    }
  }
}
