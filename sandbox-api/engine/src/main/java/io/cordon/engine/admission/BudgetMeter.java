package io.cordon.engine.admission;

import com.github.benmanes.caffeine.cache.Ticker;
import io.cordon.engine.supervision.CpuMeter;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Charges the processor time of one cell to a budget, each of it once, whoever reads it. */
final class BudgetMeter implements CpuMeter {
  private final Supplier<@Nullable CpuWindow> budget;
  private final Ticker ticker;
  private final AtomicLong charged = new AtomicLong();

  /**
   * A meter of one cell.
   *
   * @param budget what is charged, if there is such a budget at that moment
   */
  BudgetMeter(Supplier<@Nullable CpuWindow> budget, Ticker ticker) {
    this.budget = budget;
    this.ticker = ticker;
  }

  @Override
  public void begin(long cellNanos) {
    charged.accumulateAndGet(cellNanos, Math::max);
  }

  @Override
  public boolean counts() {
    return budget.get() != null;
  }

  @Override
  public void read(long cellNanos) {
    long before = charged.getAndAccumulate(cellNanos, Math::max);
    CpuWindow window = budget.get();
    if (window != null && cellNanos > before) {
      window.charge(cellNanos - before, ticker.read());
    }
  }
}
