package io.cordon.samples.cli;

import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/** Keeps the first bytes of what a guest writes, and drops the rest. */
final class BoundedBuffer extends OutputStream {
  private final ByteArrayOutputStream kept = new ByteArrayOutputStream();
  private final int maxBytes;
  private boolean truncated;

  BoundedBuffer(int maxBytes) {
    this.maxBytes = maxBytes;
  }

  @Override
  public synchronized void write(int b) {
    write(new byte[] {(byte) b}, 0, 1);
  }

  @Override
  public synchronized void write(byte[] bytes, int offset, int length) {
    int room = Math.min(length, maxBytes - kept.size());
    kept.write(bytes, offset, room);
    truncated |= room < length;
  }

  /** What was kept, as UTF-8; what is not UTF-8 becomes U+FFFD. */
  synchronized String text() {
    return kept.toString(StandardCharsets.UTF_8);
  }

  /** Whether something was dropped. */
  synchronized boolean truncated() {
    return truncated;
  }
}
