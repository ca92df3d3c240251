package io.cordon.engine.stream;

import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongConsumer;

/**
 * Counts what a task writes to all its streams and results together, against {@code output.max}.
 */
public final class OutputMeter {
  private final long limit;
  private final LongConsumer exceeded;
  private final AtomicLong bytes = new AtomicLong();

  /**
   * Counts up to a limit.
   *
   * @param exceeded is told, each time that the limit is passed, how much it was by then
   */
  public OutputMeter(long limit, LongConsumer exceeded) {
    this.limit = limit;
    this.exceeded = exceeded;
  }

  /** Counts some bytes. Returns how many of them, from the first, are within the limit. */
  public int admit(int length) {
    long after = bytes.addAndGet(length);
    if (after <= limit) {
      return length;
    }
    exceeded.accept(after);
    return (int) Math.max(0, length - (after - limit));
  }

  /** How many more bytes are within the limit. */
  public long left() {
    return Math.max(0, limit - bytes.get());
  }

  /** How many bytes were written, those beyond the limit included. */
  public long bytes() {
    return bytes.get();
  }
}
