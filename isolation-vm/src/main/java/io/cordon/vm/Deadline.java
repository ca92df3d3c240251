package io.cordon.vm;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * Ends what takes longer than it may: who is blocked in a port of a guest hears of nothing but that
 * guest's end. Safe for several threads.
 */
final class Deadline implements AutoCloseable {
  private final CompletableFuture<Boolean> inTime = new CompletableFuture<>();

  /**
   * The time begins.
   *
   * @param atMost after which it is ended, unless this is closed before
   * @param end ends it, on a thread of its own
   */
  Deadline(Duration atMost, Runnable end) {
    var _ =
        inTime.thenAccept(
            met -> {
              if (!met) {
                Thread.ofPlatform().daemon().name("cordon-vm-deadline").start(end);
              }
            });
    var _ = inTime.completeOnTimeout(false, atMost.toNanos(), TimeUnit.NANOSECONDS);
  }

  /** Whether it was in time: nothing ends it any more then. */
  boolean met() {
    return inTime.complete(true) || inTime.join();
  }

  /** It is over, or no matter any more. */
  @Override
  public void close() {
    inTime.complete(true);
  }
}
