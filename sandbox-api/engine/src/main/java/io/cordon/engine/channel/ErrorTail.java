package io.cordon.engine.channel;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.function.IntConsumer;

/**
 * Reads the standard error of a worker's JVM to its end and keeps the last of it: what a JVM says
 * before it gives up. What a guest writes there itself is counted like its other output.
 */
final class ErrorTail {
  private static final int KEPT = 8 * 1024;
  private static final int CHUNK = 4 * 1024;

  private final byte[] ring = new byte[KEPT];
  private long written;

  /** Reads until nobody can write any more. */
  void drain(InputStream from, IntConsumer counted) {
    byte[] chunk = new byte[CHUNK];
    try {
      for (int n = from.read(chunk); n >= 0; n = from.read(chunk)) {
        counted.accept(n);
        keep(chunk, n);
      }
    } catch (IOException e) {
      // Closed with the cell: there is nothing more to come.
    }
  }

  private synchronized void keep(byte[] bytes, int length) {
    for (int i = 0; i < length; i++) {
      ring[(int) (written++ % KEPT)] = bytes[i];
    }
  }

  /** The last of it. */
  synchronized String text() {
    int length = (int) Math.min(written, KEPT);
    byte[] last = new byte[length];
    for (int i = 0; i < length; i++) {
      last[i] = ring[(int) ((written - length + i) % KEPT)];
    }
    return new String(last, StandardCharsets.UTF_8);
  }
}
