package io.cordon.samples.cli;

/**
 * Text of a guest, made fit for a terminal. What a guest says may hold escape sequences that move
 * the cursor, set the window's title or hide a line, and marks that turn the reading direction.
 */
final class Printable {
  private static final int MAX_CHARACTERS = 2_000;

  private Printable() {}

  /** One line: everything that a terminal would act upon is written as {@code \\u001b}. */
  static String line(String text) {
    StringBuilder line = new StringBuilder(Math.min(text.length(), MAX_CHARACTERS));
    int index = 0;
    while (index < text.length()) {
      if (line.length() >= MAX_CHARACTERS) {
        return line.append("… (").append(text.length()).append(" characters)").toString();
      }
      int codePoint = text.codePointAt(index);
      index += Character.charCount(codePoint);
      if (codePoint == '\n') {
        line.append("\\n");
      } else if (isHarmless(codePoint)) {
        line.appendCodePoint(codePoint);
      } else {
        line.append("\\u").append(String.format("%04x", codePoint));
      }
    }
    return line.toString();
  }

  private static boolean isHarmless(int codePoint) {
    return switch (Character.getType(codePoint)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.SURROGATE,
          Character.PRIVATE_USE,
          Character.UNASSIGNED,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR ->
          false;
      default -> true;
    };
  }
}
