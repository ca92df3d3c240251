package io.cordon.samples.pluginhost;

/** Text that may be a guest's, made fit for a terminal. */
final class Printable {
  private static final int MAX_CHARACTERS = 2_000;

  private Printable() {}

  /**
   * One line in which nothing acts upon the terminal: escape sequences could hide lines or set the
   * window's title, and marks of the reading direction make a text look like another.
   */
  static String line(String text) {
    StringBuilder line = new StringBuilder();
    text.codePoints()
        .limit(MAX_CHARACTERS)
        .forEach(
            codePoint -> {
              if (acts(codePoint)) {
                line.append(String.format("\\u%04x", codePoint));
              } else {
                line.appendCodePoint(codePoint);
              }
            });
    return line.toString();
  }

  private static boolean acts(int codePoint) {
    return switch (Character.getType(codePoint)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.SURROGATE,
          Character.PRIVATE_USE,
          Character.UNASSIGNED,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR ->
          true;
      default -> false;
    };
  }
}
