package io.cordon.samples.pluginhost;

import io.cordon.policy.Limit;
import java.time.Duration;
import java.util.Locale;

/** Figures as people read them. */
final class Figures {
  private Figures() {}

  /** A figure in a limit's unit. */
  static String text(long value, Limit.Unit unit) {
    return switch (unit) {
      case BYTES -> bytes(value);
      case NANOSECONDS -> time(Duration.ofNanos(value));
      case COUNT -> Long.toString(value);
      case MILLICORES -> value + "m";
    };
  }

  static String bytes(long bytes) {
    return bytes < 1 << 20
        ? Math.ceilDiv(bytes, 1 << 10) + " KiB"
        : Math.round((double) bytes / (1 << 20)) + " MiB";
  }

  static String time(Duration time) {
    double seconds = time.toNanos() / 1e9;
    return seconds < 1
        ? Math.round(seconds * 1e3) + " ms"
        : String.format(Locale.ROOT, "%.2f s", seconds);
  }
}
