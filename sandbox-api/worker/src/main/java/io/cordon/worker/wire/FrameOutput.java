package io.cordon.worker.wire;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** One frame being put together, in a buffer that is used again. */
final class FrameOutput {
  private static final int KEPT_CAPACITY = 64 * 1024;
  static final int HEADER_LENGTH = 4;

  private final int maxFrame;
  private byte[] buffer = new byte[8 * 1024];
  private int length;

  FrameOutput(int maxFrame) {
    this.maxFrame = maxFrame;
  }

  void begin() {
    if (buffer.length > KEPT_CAPACITY) {
      buffer = new byte[KEPT_CAPACITY];
    }
    length = HEADER_LENGTH;
  }

  /** Writes the frame in one piece: to a pipe that is one system call. */
  void sendTo(OutputStream out) throws IOException {
    putInt(0, length - HEADER_LENGTH);
    out.write(buffer, 0, length);
  }

  void u8(int value) throws ProtocolException {
    require(1);
    buffer[length++] = (byte) value;
  }

  void bool(boolean value) throws ProtocolException {
    u8(value ? 1 : 0);
  }

  void u32(int value) throws ProtocolException {
    require(4);
    putInt(length, value);
    length += 4;
  }

  void u64(long value) throws ProtocolException {
    u32((int) (value >>> 32));
    u32((int) value);
  }

  void bytes(byte[] value) throws ProtocolException {
    u32(value.length);
    require(value.length);
    System.arraycopy(value, 0, buffer, length, value.length);
    length += value.length;
  }

  void text(String value) throws ProtocolException {
    bytes(value.getBytes(StandardCharsets.UTF_8));
  }

  private void require(int more) throws ProtocolException {
    long needed = (long) length + more;
    if (needed - HEADER_LENGTH > maxFrame) {
      throw new ProtocolException("a frame may have " + maxFrame + " bytes; this one has more");
    }
    if (needed > buffer.length) {
      buffer =
          Arrays.copyOf(buffer, (int) Math.max(needed, Math.min(2L * buffer.length, maxFrame)));
    }
  }

  private void putInt(int at, int value) {
    buffer[at] = (byte) (value >>> 24);
    buffer[at + 1] = (byte) (value >>> 16);
    buffer[at + 2] = (byte) (value >>> 8);
    buffer[at + 3] = (byte) value;
  }
}
