package io.cordon.engine.event;

/**
 * One line of {@code key=value}. A value that is more than a plain word stands in quotes, with
 * everything escaped that could end it, the line, or the reader's trust in what the terminal shows.
 */
final class AuditLine {
  /** In characters of the value: a guest's message must not fill the log. */
  private static final int LONGEST = 500;

  private final StringBuilder line = new StringBuilder(200);

  /** Adds a value. */
  AuditLine with(String key, String value) {
    if (!line.isEmpty()) {
      line.append(' ');
    }
    line.append(key).append('=');
    if (isPlainWord(value)) {
      line.append(value);
    } else {
      quote(value);
    }
    return this;
  }

  private static boolean isPlainWord(String value) {
    return !value.isEmpty()
        && value.length() <= LONGEST
        && value.chars().allMatch(AuditLine::isPlain);
  }

  private static boolean isPlain(int c) {
    return (c >= 'a' && c <= 'z')
        || (c >= 'A' && c <= 'Z')
        || (c >= '0' && c <= '9')
        || ".-_/:".indexOf(c) >= 0;
  }

  private void quote(String value) {
    line.append('"');
    value.codePoints().limit(LONGEST).forEach(this::escape);
    if (value.codePointCount(0, value.length()) > LONGEST) {
      line.append('…');
    }
    line.append('"');
  }

  private void escape(int c) {
    if (c == '"' || c == '\\') {
      line.append('\\').append((char) c);
    } else if (isVisible(c)) {
      line.appendCodePoint(c);
    } else {
      line.append("\\u{").append(Integer.toHexString(c)).append('}');
    }
  }

  /** Not a line break of any alphabet, not an escape, not a mark that turns or hides the text. */
  private static boolean isVisible(int c) {
    return switch (Character.getType(c)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR,
          Character.SURROGATE,
          Character.PRIVATE_USE,
          Character.UNASSIGNED ->
          false;
      default -> true;
    };
  }

  @Override
  public String toString() {
    return line.toString();
  }
}
