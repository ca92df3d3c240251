package io.cordon.vm.qemu;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.io.InputStream;
import java.util.concurrent.CompletableFuture;

/** The end of what a stream said, for a diagnosis. Bounded. Safe for several threads. */
final class Tail {
  private static final int BYTES = 16 << 10;
  private static final long STACK = 128 << 10;

  private final byte[] ring = new byte[BYTES];
  private long count;

  /** Begins to read a stream to its end; completes there. */
  CompletableFuture<Void> follow(String name, InputStream stream) {
    CompletableFuture<Void> end = new CompletableFuture<>();
    Thread.ofPlatform()
        .daemon()
        .name(name)
        .stackSize(STACK)
        .start(
            () -> {
              drain(stream);
              end.complete(null);
            });
    return end;
  }

  /** Reads a stream to its end. */
  void drain(InputStream stream) {
    byte[] buffer = new byte[4096];
    try (stream) {
      for (int read = stream.read(buffer); read >= 0; read = stream.read(buffer)) {
        add(buffer, read);
      }
    } catch (IOException e) {
      // what has come by now is all there is
    }
  }

  private synchronized void add(byte[] bytes, int length) {
    for (int i = 0; i < length; i++) {
      ring[(int) (count++ % BYTES)] = bytes[i];
    }
  }

  /** As lines that are fit for a terminal. */
  synchronized String text() {
    int length = (int) Math.min(count, BYTES);
    byte[] last = new byte[length];
    for (int i = 0; i < length; i++) {
      last[i] = ring[(int) ((count - length + i) % BYTES)];
    }
    StringBuilder text = new StringBuilder(length);
    for (char each : new String(last, ISO_8859_1).toCharArray()) {
      if (each == '\n' || (each >= ' ' && each < 0x7f)) {
        text.append(each);
      } else if (each != '\r') {
        text.append('?');
      }
    }
    return text.toString();
  }
}
