package io.cordon.engine.supervision;

import com.github.benmanes.caffeine.cache.Ticker;
import io.cordon.sandbox.spi.Cell;
import io.cordon.sandbox.spi.CellCounters;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/**
 * Asks a cell that {@linkplain Cell#tellsWhenAsked tells when it is asked}, now and then, on
 * another thread than that of who looks, which must not be kept. Safe for several threads.
 */
public final class Inquiry {
  // Of an emulated processor, an answer takes some milliseconds.
  private static final Duration PERIOD = Duration.ofMillis(500);
  private static final long UNDER_WAY = Long.MAX_VALUE;

  private final Ticker ticker;
  private final AtomicLong due;

  /** One that is due a period from now. */
  public Inquiry(Ticker ticker) {
    this.ticker = ticker;
    this.due = new AtomicLong(ticker.read() + PERIOD.toNanos());
  }

  /**
   * Asks if that is due, and nobody is at it.
   *
   * @param told is given what the cell tells, if it does; which its {@link Cell#counters} tell from
   *     then on, too
   */
  public void ask(Cell cell, Consumer<CellCounters> told) {
    long at = due.get();
    if (at == UNDER_WAY || ticker.read() - at < 0 || !due.compareAndSet(at, UNDER_WAY)) {
      return;
    }
    Thread.ofVirtual()
        .name("cordon-inquiry")
        .start(
            () -> {
              try {
                cell.inquire().ifPresent(told);
              } finally {
                due.set(ticker.read() + PERIOD.toNanos());
              }
            });
  }
}
