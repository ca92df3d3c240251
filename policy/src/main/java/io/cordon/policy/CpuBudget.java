package io.cordon.policy;

import java.time.Duration;

/**
 * How much processor time there is in a while; as a string, the way a policy file writes it: {@code
 * 30min per 1h}. The window slides: there is no moment at which all of it is given anew.
 *
 * @param amount processor time, of all processors together
 * @param window in how long
 */
public record CpuBudget(Duration amount, Duration window) {

  public CpuBudget {
    if (amount.compareTo(Duration.ZERO) <= 0 || window.compareTo(Duration.ZERO) <= 0) {
      throw new IllegalArgumentException("no budget: " + amount + " in " + window);
    }
  }

  /** What is within both, wherever their windows begin: the smaller amount in the longer window. */
  CpuBudget within(CpuBudget other) {
    return new CpuBudget(
        amount.compareTo(other.amount) <= 0 ? amount : other.amount,
        window.compareTo(other.window) >= 0 ? window : other.window);
  }

  @Override
  public String toString() {
    return Scale.TIME.format(amount.toNanos()) + " per " + Scale.TIME.format(window.toNanos());
  }
}
