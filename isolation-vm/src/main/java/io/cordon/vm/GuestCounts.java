package io.cordon.vm;

import io.cordon.vm.agent.GuestCounters;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;

/**
 * What the guest's kernel has counted of its cell. Who looks never waits for the guest: what it
 * said last is what there is. Safe for several threads.
 */
final class GuestCounts {
  // To answer takes the guest some milliseconds of its processor.
  private static final Duration PERIOD = Duration.ofMillis(200);

  private final Supplier<CompletableFuture<GuestCounters>> guest;
  private final Optional<Duration> period;
  private final AtomicBoolean asking = new AtomicBoolean();
  private volatile long askedAt = System.nanoTime();
  private volatile GuestCounters known = GuestCounters.NONE;
  private volatile boolean ended;

  private GuestCounts(Supplier<CompletableFuture<GuestCounters>> guest, Optional<Duration> period) {
    this.guest = guest;
    this.period = period;
  }

  /**
   * Of a cell that has one task in its life: what is denied to that is seen while it runs.
   *
   * @param guest asks the guest
   */
  static GuestCounts whileItRuns(Supplier<CompletableFuture<GuestCounters>> guest) {
    return new GuestCounts(guest, Optional.of(PERIOD));
  }

  /** Of a cell that has many: what was seen late would be taken for the next one's. */
  static GuestCounts onceItHasEnded() {
    return new GuestCounts(
        () -> CompletableFuture.failedFuture(new IllegalStateException("not asked")),
        Optional.empty());
  }

  /** What is known; where that is some time ago, the guest is asked anew. */
  GuestCounters look() {
    if (period.isPresent()
        && !ended
        && System.nanoTime() - askedAt >= period.get().toNanos()
        && asking.compareAndSet(false, true)) { // one that does not answer is not asked again
      var _ = guest.get().thenAccept(this::take);
    }
    return known;
  }

  /** Memory is not for now: of a machine that runs, the host's kernel counts it. */
  private synchronized void take(GuestCounters now) {
    if (!ended) {
      known =
          new GuestCounters(
              0,
              OptionalLong.empty(),
              OptionalLong.empty(),
              now.pidsCurrent(),
              now.pidsDenied(),
              now.diskBytes(),
              now.diskInodes());
    }
    askedAt = System.nanoTime();
    asking.set(false);
  }

  /** What it says when nothing of the cell runs any more. */
  synchronized void end(GuestCounters last) {
    ended = true;
    known = last;
  }
}
