package io.cordon.policy;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** A digest of what several files hold, or of why they can't be read. */
final class Fingerprint {
  private final MessageDigest digest = sha256();

  void add(Path directory, Path file) {
    Problems problems = new Problems(file.toString());
    byte[] bytes;
    try {
      bytes = PolicySource.bytes(directory, file, problems);
    } catch (PolicyException e) {
      add("unreadable: " + e.getMessage());
      return;
    }
    add(bytes);
  }

  void add(String text) {
    add(text.getBytes(UTF_8));
  }

  /** With its length, or the end of one could be taken for the beginning of the next. */
  private void add(byte[] bytes) {
    digest.update(ByteBuffer.allocate(Integer.BYTES).putInt(bytes.length).flip());
    digest.update(bytes);
  }

  /** Ends it. */
  String end() {
    return HexFormat.of().formatHex(digest.digest());
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java runtime has SHA-256", e);
    }
  }
}
