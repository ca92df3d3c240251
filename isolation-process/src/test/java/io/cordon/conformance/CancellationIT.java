package io.cordon.conformance;

import static io.cordon.harness.OutcomeAssert.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.cordon.harness.Eventually;
import io.cordon.harness.MarkedProcesses;
import io.cordon.harness.SandboxTest;
import io.cordon.harness.TenantPolicy;
import io.cordon.sandbox.Command;
import io.cordon.sandbox.Exit;
import io.cordon.sandbox.Outcome;
import io.cordon.sandbox.OutcomeException;
import io.cordon.sandbox.Script;
import io.cordon.sandbox.TaskHandle;
import io.cordon.sandbox.Tenant;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@SandboxTest
@TenantPolicy
@Timeout(120)
class CancellationIT {

  private static final Duration AMPLE = Duration.ofSeconds(60);

  @Test
  void aCancelledTaskIsDeadWhenItsOutcomeIsThere(Tenant acme) {
    MarkedProcesses sleeper = MarkedProcesses.create();
    TaskHandle<Exit> task = acme.submit(sleep(sleeper));
    Eventually.within(AMPLE, () -> !sleeper.alive().isEmpty(), "the program's start");

    task.cancel();

    assertThat(task.outcome()).cancelled();
    assertThat(sleeper.alive()).isEmpty();
  }

  @Test
  void cancellingAtOnceIsAsGood(Tenant acme) {
    for (int i = 0; i < 20; i++) {
      MarkedProcesses sleeper = MarkedProcesses.create();
      TaskHandle<Exit> task = acme.submit(sleep(sleeper));
      task.cancel();
      assertThat(task.outcome()).cancelled();
      assertThat(sleeper.alive()).isEmpty();
    }
  }

  @Test
  void cancellingWhatHasEndedChangesNothing(Tenant acme) {
    TaskHandle<Exit> task = acme.submit(Command.of("true"));
    Outcome<Exit> outcome = task.outcome();

    task.cancel();

    assertThat(task.outcome()).isSameAs(outcome);
    assertThat(outcome).succeeded();
  }

  @Test
  void anInterruptedWaiterCancelsAndStaysInterrupted(Tenant acme) throws Exception {
    MarkedProcesses sleeper = MarkedProcesses.create();
    TaskHandle<Exit> task = acme.submit(sleep(sleeper));
    AtomicBoolean interrupted = new AtomicBoolean();
    Thread waiter =
        Thread.ofVirtual()
            .start(
                () -> {
                  task.outcome();
                  interrupted.set(Thread.currentThread().isInterrupted());
                });
    Eventually.within(AMPLE, () -> !sleeper.alive().isEmpty(), "the program's start");

    waiter.interrupt();
    waiter.join();

    assertThat(task.outcome()).cancelled();
    assertThat(interrupted).isTrue();
    assertThat(sleeper.alive()).isEmpty();
  }

  @Test
  void anInterruptedRunCancels(Tenant acme) throws Exception {
    MarkedProcesses sleeper = MarkedProcesses.create();
    AtomicReference<Throwable> thrown = new AtomicReference<>();
    Thread runner =
        Thread.ofPlatform()
            .start(
                () -> {
                  try {
                    acme.run(sleep(sleeper));
                  } catch (OutcomeException e) {
                    thrown.set(e);
                  }
                });
    Eventually.within(AMPLE, () -> !sleeper.alive().isEmpty(), "the program's start");

    runner.interrupt();
    runner.join();

    assertThat(thrown.get())
        .isInstanceOfSatisfying(
            OutcomeException.class,
            e -> assertThat(e.outcome()).isInstanceOf(Outcome.Cancelled.class));
    assertThat(sleeper.alive()).isEmpty();
  }

  @Test
  void aScriptCanBeCancelled(Tenant acme) {
    TaskHandle<String> task = acme.submit(Script.javaScript("for (;;) {}"));

    task.cancel();

    assertThat(task.outcome()).cancelled();
  }

  @Test
  void nobodyCompletesATaskFromOutside(Tenant acme) {
    TaskHandle<Exit> task = acme.submit(Command.of("cat").stdin(new Command.Input.Stream()));
    Exit forged = new Exit(0, new byte[0], new byte[0], java.util.Map.of());

    assertThat(task.result().complete(forged)).isTrue();
    assertThat(task.result().cancel(true)).isTrue();

    assertThat(task.result()).isNotDone();
    task.cancel();
    assertThat(task.outcome()).cancelled();
  }

  @Test
  void theFutureHasTheValueOrTheOutcome(Tenant acme) {
    CompletableFuture<Exit> good = acme.submit(Command.of("true")).result();
    assertThat(good.join().status()).isZero();

    CompletableFuture<Exit> bad = acme.submit(Command.of("false")).result();
    assertThatExceptionOfType(CompletionException.class)
        .isThrownBy(bad::join)
        .withCauseInstanceOf(OutcomeException.class);
  }

  private static Command sleep(MarkedProcesses marked) {
    return Command.of("sh", "-c", "sleep 1000; true", marked.marker());
  }
}
