package io.cordon.policy;

import java.math.BigInteger;
import java.time.Duration;

/**
 * How many tasks may begin in a while; as a string, the way a policy file writes it: {@code 50/s},
 * {@code 10/5min}. A bucket holds {@code count} of them, and is refilled evenly: {@code count} can
 * begin at once, and then one each time that {@code period / count} has gone by.
 *
 * @param count how many, from 1
 * @param period in how long
 */
public record TaskRate(int count, Duration period) {
  private static final long MILLISECOND = 1_000_000;

  public TaskRate {
    if (count < 1 || period.compareTo(Duration.ZERO) <= 0) {
      throw new IllegalArgumentException("no rate: " + count + " in " + period);
    }
  }

  /**
   * What is within both: the smaller bucket, refilled as slowly as that of the slower one. In whole
   * milliseconds, as a file can say it; rounded to the slower side.
   */
  TaskRate within(TaskRate other) {
    int least = Math.min(count, other.count);
    TaskRate slower = isSlowerThan(other) ? this : other;
    BigInteger[] exact =
        slower
            .nanos()
            .multiply(BigInteger.valueOf(least))
            .divideAndRemainder(BigInteger.valueOf(slower.count * MILLISECOND));
    long millis = exact[0].longValueExact() + exact[1].signum();
    return new TaskRate(least, Duration.ofMillis(millis));
  }

  private boolean isSlowerThan(TaskRate other) {
    BigInteger mine = BigInteger.valueOf(count).multiply(other.nanos());
    BigInteger others = BigInteger.valueOf(other.count).multiply(nanos());
    return mine.compareTo(others) < 0;
  }

  private BigInteger nanos() {
    return BigInteger.valueOf(period.toNanos());
  }

  @Override
  public String toString() {
    return Scale.COUNT.format(count) + "/" + Scale.TIME.formatEach(period.toNanos());
  }
}
