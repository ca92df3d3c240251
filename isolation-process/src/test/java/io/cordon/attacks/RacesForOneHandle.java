package io.cordon.attacks;

import static org.assertj.core.api.Assertions.assertThat;

import io.cordon.harness.OutcomeAssert;
import io.cordon.harness.StrategyUnderTest;
import io.cordon.harness.Tools;
import io.cordon.sandbox.Command;
import io.cordon.sandbox.Exit;
import io.cordon.sandbox.Outcome;
import io.cordon.sandbox.TaskHandle;
import io.cordon.sandbox.Tenant;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/**
 * Attack 84: a thousand virtual threads that start, stop, continue, feed and end the same few
 * tasks. The class's leak check says that nothing of them is left.
 */
interface RacesForOneHandle {

  int THREADS = 1_000;

  /** What one of them does; the same may come twice, too early and too late. */
  List<Consumer<TaskHandle<Exit>>> DEEDS =
      List.of(
          TaskHandle::pause,
          TaskHandle::resume,
          TaskHandle::usage,
          TaskHandle::events,
          TaskHandle::isolation,
          RacesForOneHandle::write,
          RacesForOneHandle::closeInput,
          TaskHandle::cancel);

  private static void write(TaskHandle<Exit> task) {
    try {
      task.stdin().write(new byte[] {'x', '\n'});
      task.stdin().flush();
    } catch (IOException closed) {
      // another was faster
    }
  }

  private static void closeInput(TaskHandle<Exit> task) {
    try (OutputStream stdin = task.stdin()) {
      assertThat(stdin).isNotNull();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  default void eachTaskEndsOnceAndEverybodyIsToldTheSame(
      Tenant victim, Tools tools, StrategyUnderTest strategy) throws Exception {
    long seed = System.nanoTime();
    System.out.println("races for one handle: seed " + seed);
    Random random = new Random(seed);
    int rounds = strategy.hasAKernelOfItsOwn() ? 3 : 10;
    for (int round = 0; round < rounds; round++) {
      TaskHandle<Exit> task = victim.submit(tools.command("cat").stdin(new Command.Input.Stream()));

      Set<Outcome<Exit>> outcomes = race(task, random);

      assertThat(outcomes).as("outcomes that threads were told").hasSize(1);
      assertThat(outcomes.iterator().next())
          .isInstanceOfAny(Outcome.Cancelled.class, Outcome.Succeeded.class);
      // What comes after the end changes nothing.
      DEEDS.forEach(deed -> deed.accept(task));
      assertThat(task.outcome()).isSameAs(outcomes.iterator().next());
    }
    OutcomeAssert.assertThat(victim.submit(tools.command("true")).outcome()).succeeded();
  }

  private static Set<Outcome<Exit>> race(TaskHandle<Exit> task, Random random) throws Exception {
    Set<Outcome<Exit>> outcomes = Collections.newSetFromMap(new IdentityHashMap<>());
    CountDownLatch start = new CountDownLatch(1);
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<Outcome<Exit>>> told = new ArrayList<>();
      for (int thread = 0; thread < THREADS; thread++) {
        Consumer<TaskHandle<Exit>> deed = DEEDS.get(random.nextInt(DEEDS.size()));
        told.add(
            threads.submit(
                () -> {
                  start.await();
                  deed.accept(task);
                  return task.outcome();
                }));
      }
      start.countDown();
      for (Future<Outcome<Exit>> outcome : told) {
        outcomes.add(outcome.get());
      }
    }
    return outcomes;
  }
}
