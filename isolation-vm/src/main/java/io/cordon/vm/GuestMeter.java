package io.cordon.vm;

import io.cordon.vm.agent.GuestCounters;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What a guest's kernel has counted of its cell. Who asks is never kept waiting for the guest: it
 * is told what was known a moment ago.
 */
final class GuestMeter {
  // Of an emulated processor, to count takes some milliseconds.
  private static final Duration PERIOD = Duration.ofMillis(500);

  private final Optional<Supplier<CompletableFuture<GuestCounters>>> look;
  private final Duration period;
  private final Executor executor;
  private volatile GuestCounters counters = GuestCounters.NONE;

  // All below is guarded by this.
  private long lookedAt = System.nanoTime();
  private boolean looking;
  private boolean concluded;

  /** Looks no more often than once in a period, and not on the thread of who asks. */
  GuestMeter(
      Optional<Supplier<CompletableFuture<GuestCounters>>> look,
      Duration period,
      Executor executor) {
    this.look = look;
    this.period = period;
    this.executor = executor;
  }

  /** Looks again and again. */
  static GuestMeter whileItRuns(GuestMachine machine) {
    return new GuestMeter(Optional.of(machine::count), PERIOD, GuestMeter::start);
  }

  /**
   * Waits for the last figures. So for a worker: what one task has done and is seen a moment late
   * would be taken for the next one's.
   */
  static GuestMeter onceItHasEnded() {
    return new GuestMeter(Optional.empty(), PERIOD, GuestMeter::start);
  }

  /** What is known. */
  GuestCounters counters() {
    return counters;
  }

  /** Has the guest looked at again, unless it was a moment ago. */
  void refresh() {
    if (look.isPresent() && begins()) {
      executor.execute(
          () -> {
            var _ = look.get().get().whenComplete((seen, failure) -> looked(seen));
          });
    }
  }

  /** To send an order may block for as long as the guest likes. */
  private static void start(Runnable looking) {
    Thread.ofVirtual().name("cordon-guest-meter").start(looking);
  }

  /** One look at a time, however long it takes: a guest that stands still gathers no orders. */
  private synchronized boolean begins() {
    if (looking || concluded || System.nanoTime() - lookedAt < period.toNanos()) {
      return false;
    }
    looking = true;
    return true;
  }

  /** Null tells of a guest that will never say anything again. */
  private synchronized void looked(@Nullable GuestCounters seen) {
    if (seen == null) {
      concluded = true;
    } else if (!concluded) {
      counters = seen.withoutMemory(); // of a machine that runs, the host's kernel counts it
    }
    looking = false;
    lookedAt = System.nanoTime();
  }

  /** These are its last: what was on its way is older. */
  synchronized void conclude(GuestCounters last) {
    concluded = true;
    counters = last;
  }
}
