package io.cordon.samples.benchmarks;

import java.io.PrintStream;
import java.util.Locale;
import java.util.function.DoublePredicate;

/**
 * What a figure has to be.
 *
 * @param words how that is said
 * @param met whether a figure is
 */
record Target(String words, DoublePredicate met) {

  /** A figure that must not be exceeded. */
  static Target atMost(double most) {
    return new Target(String.format(Locale.ROOT, "at most %.2f", most), figure -> figure <= most);
  }

  /** A figure that must be reached. */
  static Target atLeast(double least) {
    return new Target(
        String.format(Locale.ROOT, "at least %.2f", least), figure -> figure >= least);
  }

  /** Prints the figure next to its target, and says whether it was met. */
  boolean judge(PrintStream out, String what, double figure) {
    boolean good = met.test(figure);
    out.println(
        String.format(
            Locale.ROOT,
            "  -> %-44s %.2f (target: %s) %s%n",
            what,
            figure,
            words,
            good ? "met" : "NOT MET"));
    return good;
  }
}
