package io.cordon.vm;

import io.cordon.vm.agent.GuestCounters;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What a guest's kernel has counted of its cell. Who asks is never kept waiting for the guest: it
 * is told what was known a moment ago.
 */
final class GuestMeter {
  // Of an emulated processor, to count takes some milliseconds.
  private static final Duration PERIOD = Duration.ofMillis(500);

  private static final Duration NEVER = Duration.ofNanos(Long.MAX_VALUE);

  private final Supplier<CompletableFuture<GuestCounters>> look;
  private final Duration period;
  private final Executor executor;
  private volatile GuestCounters counters = GuestCounters.NONE;

  // All below is guarded by this.
  private long lookedAt = System.nanoTime();
  private boolean concluded;

  /** The look that was begun last: done with the guest's answer, false if that is gone. */
  private CompletableFuture<Boolean> latest = CompletableFuture.completedFuture(true);

  /** Looks no more often than once in a period, and not on the thread of who asks. */
  GuestMeter(Supplier<CompletableFuture<GuestCounters>> look, Duration period, Executor executor) {
    this.look = look;
    this.period = period;
    this.executor = executor;
  }

  /** Looks again and again. */
  static GuestMeter whileItRuns(GuestMachine machine) {
    return new GuestMeter(machine::count, PERIOD, GuestMeter::start);
  }

  /**
   * Looks when it is told to. So for a worker: what one task has done and is seen a moment late
   * would be taken for the next one's.
   */
  static GuestMeter whenAsked(GuestMachine machine) {
    return new GuestMeter(machine::count, NEVER, GuestMeter::start);
  }

  /** Whether it looks when it is told to, and not again and again. */
  boolean looksWhenAsked() {
    return period.equals(NEVER);
  }

  /** What is known. */
  GuestCounters counters() {
    return counters;
  }

  /** Has the guest looked at again, unless it was a moment ago. */
  void refresh() {
    if (isDue()) {
      begin().ifPresent(answered -> executor.execute(() -> look(answered)));
    }
  }

  /**
   * Has the guest looked at now, and waits for its answer; first for that to a look that was begun
   * before. Returns whether it came in time.
   */
  boolean ask(Duration atMost) {
    long deadline = System.nanoTime() + atMost.toNanos();
    Optional<CompletableFuture<Boolean>> begun = begin();
    while (begun.isEmpty()) {
      if (!isAnswered(latest(), deadline)) {
        return false;
      }
      begun = begin();
    }
    look(begun.get());
    return isAnswered(begun.get(), deadline);
  }

  private static boolean isAnswered(CompletableFuture<Boolean> look, long deadline) {
    try {
      return look.get(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
    } catch (TimeoutException | ExecutionException e) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private void look(CompletableFuture<Boolean> answered) {
    var _ =
        look.get()
            .whenComplete(
                (seen, failure) -> {
                  looked(seen);
                  answered.complete(seen != null);
                });
  }

  /** To send an order may block for as long as the guest likes. */
  private static void start(Runnable looking) {
    Thread.ofVirtual().name("cordon-guest-meter").start(looking);
  }

  private synchronized boolean isDue() {
    return System.nanoTime() - lookedAt >= period.toNanos();
  }

  /** One look at a time, however long it takes: a guest that stands still gathers no orders. */
  private synchronized Optional<CompletableFuture<Boolean>> begin() {
    if (concluded || !latest.isDone()) {
      return Optional.empty();
    }
    latest = new CompletableFuture<>();
    return Optional.of(latest);
  }

  private synchronized CompletableFuture<Boolean> latest() {
    return concluded ? CompletableFuture.completedFuture(false) : latest;
  }

  /** Null tells of a guest that will never say anything again. */
  private synchronized void looked(@Nullable GuestCounters seen) {
    if (seen == null) {
      concluded = true;
    } else if (!concluded) {
      counters = seen.withoutMemory(); // of a machine that runs, the host's kernel counts it
    }
    lookedAt = System.nanoTime();
  }

  /** These are its last: what was on its way is older. */
  synchronized void conclude(GuestCounters last) {
    concluded = true;
    counters = last;
  }
}
