package io.cordon.engine.admission;

import io.cordon.policy.CpuBudget;
import java.util.Arrays;

/**
 * The processor time that was used within a window which slides. It is kept in sixty parts of the
 * window, so it takes the same memory whatever is charged; what was used in a part counts until all
 * of that part is older than the window. Safe for use by several threads.
 */
final class CpuWindow {
  private static final int PARTS = 60;

  private final long amount;
  private final long partNanos;
  private final long since;

  /** What was used in each of the last parts, and in the one that is going on. */
  private final long[] used = new long[PARTS + 1];

  private long total;
  private long newest;

  /** A window in which nothing was used. */
  CpuWindow(CpuBudget budget, long now) {
    amount = budget.amount().toNanos();
    partNanos = Math.ceilDiv(budget.window().toNanos(), PARTS);
    since = now;
  }

  /**
   * Another window, in which what was used in this one counts for as long as the other is; if in
   * doubt, for a part of it longer. What is charged to this one from now on is lost.
   */
  synchronized CpuWindow changed(CpuBudget budget, long now) {
    slide(now);
    CpuWindow other = new CpuWindow(budget, now - budget.window().toNanos());
    for (long part = newest - PARTS; part <= newest; part++) {
      long end = since + (part + 1) * partNanos - 1;
      long last = end - now > 0 ? now : end;
      if (used[place(part)] > 0 && last - other.since >= 0) {
        other.charge(used[place(part)], last);
      }
    }
    other.slide(now);
    return other;
  }

  /** Charges what was used until now. */
  synchronized void charge(long nanos, long now) {
    slide(now);
    used[place(newest)] += nanos;
    total += nanos;
  }

  /** What was used in the window that ends now. */
  synchronized long used(long now) {
    slide(now);
    return total;
  }

  /** How long it is until something of the budget is left, if nothing more is used; 0 if it is. */
  synchronized long untilLeft(long now) {
    slide(now);
    long left = total;
    long oldest = newest - PARTS;
    while (left >= amount) {
      left -= used[place(oldest++)];
    }
    return oldest == newest - PARTS ? 0 : (oldest + PARTS) * partNanos - (now - since);
  }

  private void slide(long now) {
    long part = (now - since) / partNanos;
    if (part - newest > PARTS) {
      Arrays.fill(used, 0);
      total = 0;
      newest = part;
    }
    while (newest < part) { // never back, for who has read the clock a little earlier
      newest++;
      total -= used[place(newest)];
      used[place(newest)] = 0;
    }
  }

  private static int place(long part) {
    return Math.floorMod(part, PARTS + 1);
  }
}
