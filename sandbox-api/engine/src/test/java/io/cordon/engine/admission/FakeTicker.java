package io.cordon.engine.admission;

import com.github.benmanes.caffeine.cache.Ticker;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

/** A clock that a test moves. It begins shortly before it overflows, as a real one may. */
public final class FakeTicker implements Ticker {
  private final AtomicLong now = new AtomicLong(Long.MAX_VALUE - 1_000);

  @Override
  public long read() {
    return now.get();
  }

  /** So much time goes by. */
  public void pass(Duration time) {
    now.addAndGet(time.toNanos());
  }
}
