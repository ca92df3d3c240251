package io.cordon.samples.benchmarks;

import java.io.PrintStream;
import java.util.Locale;

/**
 * A figure that must not be exceeded.
 *
 * @param most the largest value that is still good
 */
record Target(double most) {

  static Target atMost(double most) {
    return new Target(most);
  }

  /** Prints the figure next to its target, and says whether it was met. */
  boolean judge(PrintStream out, String what, double figure) {
    boolean met = figure <= most;
    out.println(
        String.format(
            Locale.ROOT,
            "  -> %-44s %.2f (target: at most %.2f) %s%n",
            what,
            figure,
            most,
            met ? "met" : "NOT MET"));
    return met;
  }
}
