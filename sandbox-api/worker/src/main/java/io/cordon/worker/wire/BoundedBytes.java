package io.cordon.worker.wire;

import java.io.IOException;
import java.io.OutputStream;
import java.util.Arrays;

/** Collects bytes, up to a limit. */
final class BoundedBytes extends OutputStream {
  private final int limit;
  private byte[] buffer = new byte[256];
  private int length;

  BoundedBytes(int limit) {
    this.limit = limit;
  }

  @Override
  public void write(int value) throws IOException {
    require(1);
    buffer[length++] = (byte) value;
  }

  @Override
  public void write(byte[] bytes, int start, int count) throws IOException {
    require(count);
    System.arraycopy(bytes, start, buffer, length, count);
    length += count;
  }

  private void require(int more) throws IOException {
    if (more > limit - length) {
      throw new IOException("it has more than " + limit + " bytes");
    }
    if (more > buffer.length - length) {
      long doubled = Math.min(2L * buffer.length, limit);
      buffer = Arrays.copyOf(buffer, (int) Math.max(doubled, (long) length + more));
    }
  }

  byte[] toBytes() {
    return length == buffer.length ? buffer : Arrays.copyOf(buffer, length);
  }
}
