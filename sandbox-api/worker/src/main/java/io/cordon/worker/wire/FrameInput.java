package io.cordon.worker.wire;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** A cursor over the body of one frame. Never reads beyond it, whatever the lengths in it say. */
final class FrameInput {
  private final byte[] buffer;
  private final int end;
  private int position;

  FrameInput(byte[] buffer, int start, int end) {
    this.buffer = buffer;
    this.position = start;
    this.end = end;
  }

  int u8() throws ProtocolException {
    return buffer[take(1)] & 0xff;
  }

  boolean bool() throws ProtocolException {
    int value = u8();
    if (value > 1) {
      throw new ProtocolException("not a boolean: " + value);
    }
    return value == 1;
  }

  int u32() throws ProtocolException {
    return intAt(buffer, take(4));
  }

  long u64() throws ProtocolException {
    long high = u32();
    return high << 32 | (u32() & 0xffff_ffffL);
  }

  byte[] bytes() throws ProtocolException {
    int length = u32();
    int start = take(length);
    return Arrays.copyOfRange(buffer, start, start + length);
  }

  String text() throws ProtocolException {
    int length = u32();
    return new String(buffer, take(length), length, StandardCharsets.UTF_8);
  }

  /** A count of entries that have at least so many bytes each. */
  int count(int bytesEach) throws ProtocolException {
    int count = u32();
    if (count < 0 || (long) count * bytesEach > end - position) {
      throw new ProtocolException("a frame announces more entries than it has bytes for");
    }
    return count;
  }

  void end() throws ProtocolException {
    if (position != end) {
      throw new ProtocolException("a frame has " + (end - position) + " bytes too many");
    }
  }

  private int take(int length) throws ProtocolException {
    // Announced lengths are unsigned: what looks negative is longer than any frame.
    if (length < 0 || length > end - position) {
      throw new ProtocolException("a frame ends too early");
    }
    int start = position;
    position += length;
    return start;
  }

  static int intAt(byte[] buffer, int at) {
    return (buffer[at] & 0xff) << 24
        | (buffer[at + 1] & 0xff) << 16
        | (buffer[at + 2] & 0xff) << 8
        | (buffer[at + 3] & 0xff);
  }
}
