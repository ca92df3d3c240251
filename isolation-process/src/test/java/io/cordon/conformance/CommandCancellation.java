package io.cordon.conformance;

import static io.cordon.harness.OutcomeAssert.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.cordon.harness.Sleeper;
import io.cordon.harness.StrategyUnderTest;
import io.cordon.harness.Tools;
import io.cordon.sandbox.Command;
import io.cordon.sandbox.Exit;
import io.cordon.sandbox.Outcome;
import io.cordon.sandbox.OutcomeException;
import io.cordon.sandbox.TaskHandle;
import io.cordon.sandbox.Tenant;
import java.io.IOException;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** A command that is cancelled is dead, and nobody else completes it. */
interface CommandCancellation {

  @Test
  default void aCancelledTaskIsDeadWhenItsOutcomeIsThere(
      Tenant acme, Tools tools, StrategyUnderTest strategy) throws IOException {
    Sleeper sleeper = Sleeper.of(acme, tools);
    sleeper.awaitStart(strategy);

    sleeper.task().cancel();

    assertThat(sleeper.task().outcome()).cancelled();
    sleeper.assertDead();
  }

  @Test
  default void cancellingAtOnceIsAsGood(Tenant acme, Tools tools) {
    for (int i = 0; i < 20; i++) {
      Sleeper sleeper = Sleeper.of(acme, tools);
      sleeper.task().cancel();
      assertThat(sleeper.task().outcome()).cancelled();
      sleeper.assertDead();
    }
  }

  @Test
  default void cancellingWhatHasEndedChangesNothing(Tenant acme, Tools tools) {
    TaskHandle<Exit> task = acme.submit(tools.command("true"));
    Outcome<Exit> outcome = task.outcome();

    task.cancel();

    assertThat(task.outcome()).isSameAs(outcome);
    assertThat(outcome).succeeded();
  }

  @Test
  default void anInterruptedWaiterCancelsAndStaysInterrupted(
      Tenant acme, Tools tools, StrategyUnderTest strategy) throws Exception {
    Sleeper sleeper = Sleeper.of(acme, tools);
    AtomicBoolean interrupted = new AtomicBoolean();
    Thread waiter =
        Thread.ofVirtual()
            .start(
                () -> {
                  sleeper.task().outcome();
                  interrupted.set(Thread.currentThread().isInterrupted());
                });
    sleeper.awaitStart(strategy);

    waiter.interrupt();
    waiter.join();

    assertThat(sleeper.task().outcome()).cancelled();
    assertThat(interrupted).isTrue();
    sleeper.assertDead();
  }

  @Test
  default void anInterruptedRunCancels(Tenant acme, Tools tools) throws Exception {
    AtomicReference<Throwable> thrown = new AtomicReference<>();
    Thread runner =
        Thread.ofPlatform()
            .start(
                () -> {
                  try {
                    acme.run(tools.command("sleep", "1000"));
                  } catch (OutcomeException e) {
                    thrown.set(e);
                  }
                });

    // At whatever it is by then: an interrupt may come at any time.
    runner.interrupt();
    runner.join();

    assertThat(thrown.get())
        .isInstanceOfSatisfying(
            OutcomeException.class,
            e -> assertThat(e.outcome()).isInstanceOf(Outcome.Cancelled.class));
  }

  @Test
  default void nobodyCompletesATaskFromOutside(Tenant acme, Tools tools) {
    TaskHandle<Exit> task = acme.submit(tools.command("cat").stdin(new Command.Input.Stream()));
    Exit forged = new Exit(0, new byte[0], new byte[0], Map.of());

    assertThat(task.result().complete(forged)).isTrue();
    assertThat(task.result().cancel(true)).isTrue();

    assertThat(task.result()).isNotDone();
    task.cancel();
    assertThat(task.outcome()).cancelled();
  }

  @Test
  default void theFutureHasTheValueOrTheOutcome(Tenant acme, Tools tools) {
    CompletableFuture<Exit> good = acme.submit(tools.command("true")).result();
    assertThat(good.join().status()).isZero();

    CompletableFuture<Exit> bad = acme.submit(tools.command("false")).result();
    assertThatExceptionOfType(CompletionException.class)
        .isThrownBy(bad::join)
        .withCauseInstanceOf(OutcomeException.class);
  }
}
