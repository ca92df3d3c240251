package io.cordon.policy;

import io.cordon.policy.PolicyProblem.Code;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import org.snakeyaml.engine.v2.scanner.StreamReader;

/**
 * Reads the text of one policy file: bounded, strict UTF-8, and never from outside its directory.
 */
final class PolicySource {
  static final int MAX_BYTES = 64 * 1024;

  private PolicySource() {}

  /**
   * The text of a file.
   *
   * @throws PolicyException if it is too large, no regular file, no text, or can't be read
   */
  static String read(Path directory, Path file, Problems problems) {
    return text(bytes(directory, file, problems), problems);
  }

  /** The bytes of a file, which may be anything; throws as {@link #read} does. */
  static byte[] bytes(Path directory, Path file, Problems problems) {
    try {
      // Links are followed within the directory alone: a mounted ConfigMap is made of such links.
      Path real = file.toRealPath();
      if (!real.startsWith(directory.toRealPath())) {
        throw unreadable(problems, "is a link out of the policy directory");
      }
      if (!Files.isRegularFile(real, LinkOption.NOFOLLOW_LINKS)) {
        throw unreadable(problems, "is not a regular file");
      }
      try (InputStream in = Files.newInputStream(real, LinkOption.NOFOLLOW_LINKS)) {
        // The file may grow while it is read: what was read counts, not the size it claims.
        byte[] bytes = in.readNBytes(MAX_BYTES + 1);
        if (bytes.length > MAX_BYTES) {
          throw problems.fatal(
              Position.START, Code.TOO_LARGE, "is larger than " + MAX_BYTES / 1024 + "Ki");
        }
        return bytes;
      }
    } catch (IOException e) {
      throw unreadable(problems, "can't be read: " + Quoted.plain(e.toString()));
    }
  }

  private static PolicyException unreadable(Problems problems, String message) {
    return problems.fatal(Position.START, Code.UNREADABLE_FILE, message);
  }

  /** Decodes what a file holds. */
  static String text(byte[] bytes, Problems problems) {
    CharsetDecoder decoder =
        StandardCharsets.UTF_8
            .newDecoder()
            .onMalformedInput(CodingErrorAction.REPORT)
            .onUnmappableCharacter(CodingErrorAction.REPORT);
    CharBuffer decoded = CharBuffer.allocate(bytes.length);
    boolean broken = decoder.decode(ByteBuffer.wrap(bytes), decoded, true).isError();
    String text = decoded.flip().toString();
    checkPrintable(text, problems);
    if (broken) {
      throw problems.fatal(end(text), Code.SYNTAX, "is not UTF-8 from here on");
    }
    return text;
  }

  private static void checkPrintable(String text, Problems problems) {
    for (int i = 0; i < text.length(); i = text.offsetByCodePoints(i, 1)) {
      int c = text.codePointAt(i);
      if (!StreamReader.isPrintable(c)) {
        throw problems.fatal(
            end(text.substring(0, i)),
            Code.SYNTAX,
            String.format("the character U+%04X is not allowed in YAML", c));
      }
    }
  }

  /** The position after the last character of a text. */
  private static Position end(String text) {
    String[] lines = text.split("\r\n|[\r\n]", -1);
    String lastLine = lines[lines.length - 1];
    return new Position(lines.length, lastLine.codePointCount(0, lastLine.length()) + 1);
  }
}
