package io.cordon.soak;

import io.cordon.sandbox.Plugin;
import io.cordon.sandbox.Sandboxes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;

/**
 * Some runs in several lanes at once, between the opening of an application's sandboxes and their
 * closing: half of the batches are closed while their last runs are on their way.
 */
final class Batch {

  // No run takes a tenth of it, on any machine.
  private static final Duration FOR_EVER = Duration.ofMinutes(5);

  private final Site site;
  private final Scenarios scenarios;
  private final int lanes;
  private final Consumer<Lane.Went> news;
  private final int last;
  private final AtomicInteger next;
  private final Set<Integer> onTheirWay = ConcurrentHashMap.newKeySet();
  private final int closeAt;
  private final Duration closeAfter;
  private volatile boolean closing;

  /** Prepares the runs from {@code first} up to {@code last}, which is not one of them. */
  Batch(Site site, Scenarios scenarios, int lanes, int first, int last, Consumer<Lane.Went> news) {
    this.site = site;
    this.scenarios = scenarios;
    this.lanes = lanes;
    this.news = news;
    this.next = new AtomicInteger(first);
    this.last = last;
    RandomGenerator random = new SplittableRandom(~scenarios.seed() + first);
    this.closeAt = random.nextBoolean() ? last - 1 - random.nextInt(2 * lanes) : last;
    this.closeAfter = Duration.ofNanos((long) (1000 * Math.exp(random.nextDouble(12))));
  }

  /** Does them all; returns when the sandboxes are closed. */
  void run() throws InterruptedException {
    Oracle oracle = new Oracle(site.strategy());
    try (Sandboxes sandboxes = site.open()) {
      List<Thread> threads = new ArrayList<>();
      for (int number = 0; number < lanes; number++) {
        Lane lane = new Lane(number, scenarios, oracle, site.tools(), Plugin.jar(site.plugin()));
        threads.add(Thread.ofPlatform().name("soak-" + number).start(() -> run(lane, sandboxes)));
      }
      for (Thread thread : threads) {
        await(thread);
      }
    }
  }

  private void run(Lane lane, Sandboxes sandboxes) {
    for (int index = next.getAndIncrement(); index < last; index = next.getAndIncrement()) {
      if (index == closeAt) {
        Thread.ofPlatform().name("soak-closes").start(() -> close(sandboxes));
      }
      onTheirWay.add(index);
      try {
        news.accept(lane.run(index, sandboxes, () -> closing));
      } catch (RuntimeException | Error e) {
        news.accept(Lane.Went.not(scenarios.draw(index), e));
      } finally {
        onTheirWay.remove(index);
      }
    }
  }

  private void close(Sandboxes sandboxes) {
    Run.idle(closeAfter);
    closing = true;
    sandboxes.close();
  }

  private void await(Thread thread) throws InterruptedException {
    int before = next.get();
    while (!thread.join(FOR_EVER)) {
      if (next.get() == before) {
        throw new AssertionError(
            "one of these hangs: " + onTheirWay.stream().map(scenarios::draw).toList());
      }
      before = next.get();
    }
  }
}
