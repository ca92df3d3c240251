package io.cordon.engine.admission;

import com.github.benmanes.caffeine.cache.Ticker;
import io.cordon.engine.supervision.CpuMeter;
import java.util.concurrent.atomic.AtomicLong;

/** Charges the processor time of one cell to a budget, each of it once, whoever reads it. */
final class BudgetMeter implements CpuMeter {
  private final CpuWindow window;
  private final Ticker ticker;
  private final AtomicLong charged = new AtomicLong();

  BudgetMeter(CpuWindow window, Ticker ticker) {
    this.window = window;
    this.ticker = ticker;
  }

  @Override
  public void begin(long cellNanos) {
    charged.accumulateAndGet(cellNanos, Math::max);
  }

  @Override
  public void read(long cellNanos) {
    long before = charged.getAndAccumulate(cellNanos, Math::max);
    if (cellNanos > before) {
      window.charge(cellNanos - before, ticker.read());
    }
  }
}
