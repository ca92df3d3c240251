package io.cordon.process.plan;

/** Texts of strangers in a printed plan. */
final class Printable {
  private Printable() {}

  /** Quotes a text: what it holds for a terminal must not reach one. */
  static String quote(String text) {
    StringBuilder quoted = new StringBuilder("\"");
    text.codePoints()
        .forEach(
            c -> {
              switch (c) {
                case '\n' -> quoted.append("\\n");
                case '"', '\\' -> quoted.append('\\').append((char) c);
                default -> {
                  if (Character.isISOControl(c)
                      || Character.getType(c) == Character.FORMAT // such as right-to-left marks
                      || Character.getType(c) == Character.SURROGATE) {
                    quoted.append("\\u{%x}".formatted(c));
                  } else {
                    quoted.appendCodePoint(c);
                  }
                }
              }
            });
    return quoted.append('"').toString();
  }
}
