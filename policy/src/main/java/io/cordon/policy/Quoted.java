package io.cordon.policy;

/** Text from a policy file as it may be shown in a message: short, on one line, printable. */
final class Quoted {
  private static final int LONGEST = 48;

  private Quoted() {}

  /** The text in single quotes, cut to a bounded length. */
  static String of(String text) {
    StringBuilder shown = new StringBuilder("'");
    text.codePoints().limit(LONGEST).forEach(c -> append(shown, c));
    if (text.codePointCount(0, text.length()) > LONGEST) {
      shown.append('…');
    }
    return shown.append('\'').toString();
  }

  /** The whole text without quotes, for names of files. */
  static String plain(String text) {
    StringBuilder shown = new StringBuilder();
    text.codePoints().forEach(c -> append(shown, c));
    return shown.toString();
  }

  private static void append(StringBuilder shown, int c) {
    if (harmless(c)) {
      shown.appendCodePoint(c);
    } else {
      shown.append(String.format(c < 0x10000 ? "\\u%04x" : "\\U%08x", c));
    }
  }

  // FORMAT holds the bidirectional overrides, which make a terminal show text in another order.
  private static boolean harmless(int c) {
    return switch (Character.getType(c)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR,
          Character.SURROGATE,
          Character.UNASSIGNED,
          Character.PRIVATE_USE ->
          false;
      default -> true;
    };
  }
}
