package io.cordon.policy;

import java.util.Arrays;
import java.util.BitSet;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * A set of processors or memory nodes, by their numbers; as a string, the way the kernel writes
 * one: {@code 0-3,8}. Immutable.
 */
public final class IndexSet {
  // CONFIG_NR_CPUS is at most 8192 on x86-64 and 4096 on arm64.
  static final int MOST = 8191;

  static final Pattern GRAMMAR =
      Pattern.compile("^[0-9]{1,4}(-[0-9]{1,4})?(,[0-9]{1,4}(-[0-9]{1,4})?){0,63}$");

  private final BitSet members;

  private IndexSet(BitSet members) {
    this.members = members;
  }

  /** The set of these. */
  public static IndexSet of(int... indices) {
    BitSet members = new BitSet();
    Arrays.stream(indices).forEach(members::set);
    return new IndexSet(members);
  }

  /** Reads numbers and ranges, joined by commas; nothing, if the text is none. */
  public static Optional<IndexSet> parse(String text) {
    if (!GRAMMAR.matcher(text).matches()) {
      return Optional.empty();
    }
    BitSet members = new BitSet();
    for (String range : text.split(",", -1)) {
      String[] ends = range.split("-", -1);
      int first = Integer.parseInt(ends[0]);
      int last = Integer.parseInt(ends[ends.length - 1]);
      if (first > last || last > MOST) {
        return Optional.empty();
      }
      members.set(first, last + 1);
    }
    return Optional.of(new IndexSet(members));
  }

  /** What is in both; the other's, where nothing is. */
  IndexSet within(IndexSet most) {
    BitSet both = (BitSet) members.clone();
    both.and(most.members);
    return both.isEmpty() ? most : new IndexSet(both);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof IndexSet set && members.equals(set.members);
  }

  @Override
  public int hashCode() {
    return members.hashCode();
  }

  @Override
  public String toString() {
    return IntStream.range(0, members.length())
        .filter(i -> members.get(i) && (i == 0 || !members.get(i - 1)))
        .mapToObj(this::range)
        .collect(Collectors.joining(","));
  }

  private String range(int first) {
    int last = members.nextClearBit(first) - 1;
    return first == last ? String.valueOf(first) : first + "-" + last;
  }
}
