package io.cordon.policy;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * How amounts of one kind are written: a decimal number of at most three places, and a suffix.
 *
 * @param example an amount, for messages
 * @param grain the smallest step that a policy can say, in the base unit
 * @param units what a policy may write; the smallest, which writes nothing at all, last
 * @param steps what a measured amount is rounded to, the largest first; a policy can't use them
 *     all. Empty where even what was measured is shown exactly
 * @param slips what people write instead of a suffix, in lower case, and what they mean
 * @param grammar how an amount is written, for the parser and the JSON Schema; group 3 is the
 *     suffix
 */
record Scale(
    String example,
    long grain,
    List<Named> units,
    List<Named> steps,
    Map<String, String> slips,
    Pattern grammar) {

  /** A suffix and how many base units it stands for. */
  record Named(String suffix, long factor) {}

  private static final String NUMBER = "(0|[1-9][0-9]*)(\\.[0-9]{1,3})?";
  private static final Pattern LEADING = Pattern.compile("([0-9.]{1,24})(.{0,16})");

  private static final List<Named> BINARY =
      List.of(
          new Named("Ei", 1L << 60),
          new Named("Pi", 1L << 50),
          new Named("Ti", 1L << 40),
          new Named("Gi", 1L << 30),
          new Named("Mi", 1L << 20),
          new Named("Ki", 1L << 10));
  private static final List<Named> DECIMAL =
      List.of(
          new Named("E", 1_000_000_000_000_000_000L),
          new Named("P", 1_000_000_000_000_000L),
          new Named("T", 1_000_000_000_000L),
          new Named("G", 1_000_000_000L),
          new Named("M", 1_000_000L),
          new Named("k", 1_000L));
  private static final List<Named> ONE = List.of(new Named("", 1));
  private static final List<Named> MILLISECONDS_UP =
      List.of(
          new Named("d", 86_400_000_000_000L),
          new Named("h", 3_600_000_000_000L),
          new Named("min", 60_000_000_000L),
          new Named("s", 1_000_000_000L),
          new Named("ms", 1_000_000L));

  /** Bytes: Kubernetes quantities, binary suffixes first. */
  static final Scale BYTES =
      Scale.of(
          "256Mi",
          1,
          concat(concat(BINARY, DECIMAL), ONE),
          concat(BINARY, ONE),
          Map.ofEntries(
              Map.entry("k", "Ki"),
              Map.entry("ki", "Ki"),
              Map.entry("kb", "k"),
              Map.entry("kib", "Ki"),
              Map.entry("m", "Mi"),
              Map.entry("mi", "Mi"),
              Map.entry("mb", "M"),
              Map.entry("mib", "Mi"),
              Map.entry("g", "Gi"),
              Map.entry("gi", "Gi"),
              Map.entry("gb", "G"),
              Map.entry("gib", "Gi"),
              Map.entry("t", "Ti"),
              Map.entry("ti", "Ti"),
              Map.entry("tb", "T"),
              Map.entry("tib", "Ti"),
              Map.entry("b", "")));

  /** Times, in nanoseconds; a policy speaks of milliseconds and more. */
  static final Scale TIME =
      Scale.of(
          "5s",
          1_000_000L,
          MILLISECONDS_UP,
          concat(MILLISECONDS_UP, List.of(new Named("us", 1_000), new Named("ns", 1))),
          Map.ofEntries(
              Map.entry("", "s"),
              Map.entry("sec", "s"),
              Map.entry("secs", "s"),
              Map.entry("second", "s"),
              Map.entry("seconds", "s"),
              Map.entry("m", "min"),
              Map.entry("mins", "min"),
              Map.entry("minute", "min"),
              Map.entry("minutes", "min"),
              Map.entry("msec", "ms"),
              Map.entry("millis", "ms"),
              Map.entry("hour", "h"),
              Map.entry("hours", "h"),
              Map.entry("day", "d"),
              Map.entry("days", "d")));

  /** Things that are counted. */
  static final Scale COUNT =
      Scale.of(
          "64",
          1,
          concat(DECIMAL.subList(3, 6), ONE),
          List.of(),
          Map.of("k", "k", "ki", "k", "m", "M", "mi", "M", "g", "G", "gi", "G"));

  /** Processor cores, in thousandths. */
  static final Scale CORES =
      Scale.of(
          "500m",
          1,
          List.of(new Named("", 1_000), new Named("m", 1)),
          List.of(),
          Map.of("m", "m", "c", "", "core", "", "cores", "", "cpu", "", "cpus", ""));

  private static Scale of(
      String example, long grain, List<Named> units, List<Named> steps, Map<String, String> slips) {
    Pattern grammar = Pattern.compile("^" + NUMBER + suffix(units) + "$");
    return new Scale(example, grain, units, steps, slips, grammar);
  }

  private static String suffix(List<Named> units) {
    String suffixes =
        units.stream()
            .map(Named::suffix)
            .filter(suffix -> !suffix.isEmpty())
            .collect(Collectors.joining("|"));
    return "(" + suffixes + ")" + (takesBareNumbers(units) ? "?" : "");
  }

  /** How an amount is written, to be a part of something longer. */
  String part() {
    return NUMBER + suffix(units);
  }

  /** How an amount is written after "in each": a unit alone is one of it. */
  String eachPart() {
    return "(" + NUMBER + ")?" + suffix(units);
  }

  /** The amount that is meant by one after "in each", as an amount is written. */
  static String ofEach(String each) {
    return each.isEmpty() || Character.isDigit(each.charAt(0)) ? each : "1" + each;
  }

  /** Writes an amount exactly, after "in each". */
  String formatEach(long amount) {
    return units.stream()
        .filter(unit -> unit.factor() == amount)
        .findFirst()
        .map(Named::suffix)
        .orElseGet(() -> format(amount));
  }

  /** Whether a number without a suffix is an amount. */
  boolean takesBareNumbers() {
    return takesBareNumbers(units);
  }

  private static boolean takesBareNumbers(List<Named> units) {
    return units.stream().anyMatch(unit -> unit.suffix().isEmpty());
  }

  /** The amount in base units, possibly too large or too fine; nothing if it is none. */
  Optional<BigDecimal> parse(String text) {
    Matcher matcher = grammar.matcher(text);
    if (!matcher.matches()) {
      return Optional.empty();
    }
    String suffix = matcher.group(3) == null ? "" : matcher.group(3);
    String number = text.substring(0, text.length() - suffix.length());
    return units.stream()
        .filter(unit -> unit.suffix().equals(suffix))
        .findFirst()
        .map(unit -> new BigDecimal(number).multiply(BigDecimal.valueOf(unit.factor())));
  }

  /** What somebody probably meant by a text that is no amount. */
  Optional<String> meant(String text) {
    Matcher matcher = LEADING.matcher(text);
    if (!matcher.matches()) {
      return Optional.empty();
    }
    return Optional.ofNullable(slips.get(matcher.group(2).strip().toLowerCase(Locale.ROOT)))
        .map(suffix -> matcher.group(1) + suffix)
        .filter(amount -> parse(amount).isPresent());
  }

  /** Writes an amount exactly, as a policy would where it can say it. */
  String format(long amount) {
    return exact(units, amount)
        .or(() -> exact(steps, amount))
        .orElseGet(() -> Long.toString(amount));
  }

  private static Optional<String> exact(List<Named> units, long amount) {
    return units.stream()
        .filter(
            unit -> amount % unit.factor() == 0 && (amount != 0 || unit.equals(units.getLast())))
        .map(unit -> amount / unit.factor() + unit.suffix())
        .min(Comparator.comparingInt(String::length));
  }

  /** Writes what was measured for people: two places at most, in the unit that fits its size. */
  String formatRounded(long amount) {
    return steps.stream()
        .filter(step -> Math.abs(amount) >= step.factor())
        .findFirst()
        .map(step -> rounded(amount, step))
        .orElseGet(() -> format(amount));
  }

  private static String rounded(long amount, Named step) {
    return BigDecimal.valueOf(amount)
            .divide(BigDecimal.valueOf(step.factor()), 2, RoundingMode.HALF_UP)
            .stripTrailingZeros()
            .toPlainString()
        + step.suffix();
  }

  private static List<Named> concat(List<Named> first, List<Named> second) {
    return Stream.concat(first.stream(), second.stream()).toList();
  }
}
