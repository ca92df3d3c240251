package io.cordon.samples.benchmarks;

import java.util.Arrays;
import java.util.Locale;

/** Times of one contestant, in nanoseconds, in the order in which they were taken. */
final class Samples {
  private final String name;
  private long[] nanos = new long[1024];
  private int count;

  Samples(String name) {
    this.name = name;
  }

  String name() {
    return name;
  }

  void add(long elapsed) {
    if (count == nanos.length) {
      nanos = Arrays.copyOf(nanos, count * 2);
    }
    nanos[count++] = elapsed;
  }

  int count() {
    return count;
  }

  double minimumMillis() {
    return sorted()[0] / 1e6;
  }

  double medianMillis() {
    return percentileMillis(50);
  }

  double percentileMillis(double percentile) {
    long[] sorted = sorted();
    int index = (int) Math.ceil(percentile / 100 * sorted.length) - 1;
    return sorted[Math.max(0, index)] / 1e6;
  }

  /** How this one's median relates to the other's. */
  double ratioTo(Samples other) {
    return medianMillis() / other.medianMillis();
  }

  String row() {
    return String.format(
        Locale.ROOT,
        "  %-46s n=%-6d min %9.3f   median %9.3f   p99 %9.3f ms",
        name,
        count,
        minimumMillis(),
        medianMillis(),
        percentileMillis(99));
  }

  private long[] sorted() {
    long[] sorted = Arrays.copyOf(nanos, count);
    Arrays.sort(sorted);
    return sorted;
  }
}
