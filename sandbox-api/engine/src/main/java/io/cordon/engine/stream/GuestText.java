package io.cordon.engine.stream;

import java.nio.charset.StandardCharsets;
import java.util.List;

/** Untrusted text, made fit to be shown: without terminal escapes, and short. */
public final class GuestText {
  private static final int LONGEST = 500;
  private static final int TAIL = 4 * LONGEST;

  private GuestText() {}

  /** The last line that says anything, or an empty text. */
  public static String lastLine(byte[] output) {
    int from = Math.max(0, output.length - TAIL);
    List<String> lines =
        new String(output, from, output.length - from, StandardCharsets.UTF_8)
            .lines()
            .map(GuestText::plain)
            .filter(line -> !line.isBlank())
            .toList();
    return lines.isEmpty() ? "" : shortened(lines.getLast().strip());
  }

  /** The text, with a space for every control character but line breaks and tabs. */
  public static String plain(String text) {
    return text.codePoints()
        .map(c -> c != '\n' && c != '\t' && (Character.isISOControl(c) || isFormat(c)) ? ' ' : c)
        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
        .toString();
  }

  /** Such as the marks that turn the direction of writing, and hide what a line says. */
  private static boolean isFormat(int c) {
    return Character.getType(c) == Character.FORMAT;
  }

  private static String shortened(String line) {
    return line.length() <= LONGEST ? line : line.substring(0, LONGEST) + "…";
  }
}
