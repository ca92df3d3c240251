package io.cordon.samples.cli;

import io.cordon.policy.Limit;
import java.time.Duration;
import java.util.Locale;

/** Figures as people read them. */
final class Quantities {
  private static final String[] BINARY = {"B", "KiB", "MiB", "GiB", "TiB"};

  private Quantities() {}

  /** A figure in a limit's unit. */
  static String text(long value, Limit.Unit unit) {
    return switch (unit) {
      case BYTES -> bytes(value);
      case NANOSECONDS -> time(Duration.ofNanos(value));
      case COUNT -> Long.toString(value);
      case MILLICORES -> value % 1000 == 0 ? value / 1000 + " cores" : value + "m cores";
    };
  }

  /** {@code 256 MiB}, {@code 1.5 GiB}. */
  static String bytes(long bytes) {
    double value = bytes;
    int prefix = 0;
    while (value >= 1024 && prefix < BINARY.length - 1) {
      value /= 1024;
      prefix++;
    }
    return decimal(value) + " " + BINARY[prefix];
  }

  /** {@code 12.5 ms}, {@code 2 s}. */
  static String time(Duration duration) {
    double seconds = duration.toNanos() / 1e9;
    return seconds < 1 ? decimal(seconds * 1e3) + " ms" : decimal(seconds) + " s";
  }

  private static String decimal(double value) {
    String text = String.format(Locale.ROOT, value < 10 ? "%.2f" : "%.1f", value);
    return text.replaceFirst("\\.?0+$", "");
  }
}
