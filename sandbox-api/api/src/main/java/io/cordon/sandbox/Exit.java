package io.cordon.sandbox;

import java.nio.charset.StandardCharsets;
import java.util.Map;

/**
 * How a native program ended, and what it left.
 *
 * @param status the exit status; 0 in a {@link Outcome.Succeeded}
 * @param stdout what it wrote to a captured standard output
 * @param stderr what it wrote to a captured standard error
 * @param outputs the files that it was asked to bring back, by name; one that it did not make is
 *     absent, and anything else than a regular file in its place fails the task
 */
@SuppressWarnings("ArrayRecordComponent") // a value to read, never a key
public record Exit(int status, byte[] stdout, byte[] stderr, Map<String, byte[]> outputs) {

  /** The standard output as UTF-8; what is not UTF-8 becomes U+FFFD. */
  public String stdoutText() {
    return new String(stdout, StandardCharsets.UTF_8);
  }

  /** The standard error as UTF-8; what is not UTF-8 becomes U+FFFD. */
  public String stderrText() {
    return new String(stderr, StandardCharsets.UTF_8);
  }
}
