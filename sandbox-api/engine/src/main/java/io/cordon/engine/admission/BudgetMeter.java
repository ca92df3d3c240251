package io.cordon.engine.admission;

import com.github.benmanes.caffeine.cache.Ticker;
import io.cordon.engine.supervision.CpuMeter;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Charges the processor time of one cell to a budget, each of it once, whoever reads it; what was
 * used before there was a budget, to none.
 */
final class BudgetMeter implements CpuMeter {
  private final Supplier<@Nullable CpuWindow> budget;
  private final Ticker ticker;

  // Both are guarded by this.
  private long charged;
  private boolean counted;

  /**
   * A meter of one cell.
   *
   * @param budget what is charged, if there is such a budget at that moment
   */
  BudgetMeter(Supplier<@Nullable CpuWindow> budget, Ticker ticker) {
    this.budget = budget;
    this.ticker = ticker;
    this.counted = budget.get() != null;
  }

  @Override
  public synchronized void begin(long cellNanos) {
    charged = Math.max(charged, cellNanos);
    counted = counts();
  }

  @Override
  public boolean counts() {
    return budget.get() != null;
  }

  @Override
  public synchronized void read(long cellNanos) {
    long used = cellNanos - charged;
    charged = Math.max(charged, cellNanos);
    CpuWindow window = budget.get();
    if (window != null && counted && used > 0) {
      window.charge(used, ticker.read());
    }
    counted = window != null;
  }
}
