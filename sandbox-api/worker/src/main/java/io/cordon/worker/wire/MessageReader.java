package io.cordon.worker.wire;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Receives messages of one direction. An announced length is checked before anything is allocated
 * for it, and memory grows only as bytes really arrive: whoever announces much and sends little
 * costs little. Confined to one thread.
 *
 * @param <M> the direction
 */
public final class MessageReader<M extends Message> {
  private static final int INITIAL_CAPACITY = 8 * 1024;
  private static final int KEPT_CAPACITY = 64 * 1024;

  private interface Format<M> {
    M read(FrameInput in) throws ProtocolException;
  }

  private final InputStream in;
  private final int maxFrame;
  private final Format<M> format;
  private byte[] buffer = new byte[INITIAL_CAPACITY];
  private int position;
  private int limit;

  private MessageReader(InputStream in, int maxFrame, Format<M> format) {
    this.in = in;
    this.maxFrame = maxFrame;
    this.format = format;
  }

  /**
   * Reads what a worker says.
   *
   * @param in an unbuffered stream
   * @param maxFrame how many bytes a frame may have, without its length
   */
  public static MessageReader<ToHost> atHost(InputStream in, int maxFrame) {
    return new MessageReader<>(in, maxFrame, MessageFormat::readToHost);
  }

  /**
   * Reads what the host says.
   *
   * @param in an unbuffered stream
   * @param maxFrame how many bytes a frame may have, without its length
   */
  public static MessageReader<ToWorker> atWorker(InputStream in, int maxFrame) {
    return new MessageReader<>(in, maxFrame, MessageFormat::readToWorker);
  }

  /**
   * Waits for the next message.
   *
   * @return the message, or null if the stream ended where a frame ends
   * @throws ProtocolException if what came is no frame of this direction; the reader is of no use
   *     after that
   * @throws EOFException if the stream ends within a frame, as it does when the other end is killed
   * @throws IOException if the stream fails
   */
  public @Nullable M read() throws IOException {
    if (!receive(FrameOutput.HEADER_LENGTH)) {
      if (position == limit) {
        return null;
      }
      throw truncated();
    }
    int length = FrameInput.intAt(buffer, position);
    if (length < 1 || length > maxFrame) {
      throw new ProtocolException(
          "a frame of "
              + Integer.toUnsignedString(length)
              + " bytes is announced; 1 to "
              + maxFrame
              + " may come");
    }
    position += FrameOutput.HEADER_LENGTH;
    if (!receive(length)) {
      throw truncated();
    }
    FrameInput frame = new FrameInput(buffer, position, position + length);
    M message = format.read(frame);
    frame.end();
    position += length;
    if (position == limit) {
      position = 0;
      limit = 0;
      if (buffer.length > KEPT_CAPACITY) {
        buffer = new byte[INITIAL_CAPACITY];
      }
    }
    return message;
  }

  /** Reads until so many bytes are there; false if the stream ends before. */
  private boolean receive(int wanted) throws IOException {
    while (limit - position < wanted) {
      if (limit == buffer.length) {
        makeRoom();
      }
      int count = in.read(buffer, limit, buffer.length - limit);
      if (count < 0) {
        return false;
      }
      limit += count;
    }
    return true;
  }

  /** The buffer is full and the frame isn't complete: move it to the front, or double the room. */
  private void makeRoom() {
    if (position > 0) {
      System.arraycopy(buffer, position, buffer, 0, limit - position);
      limit -= position;
      position = 0;
    } else {
      buffer = Arrays.copyOf(buffer, (int) Math.min(2L * buffer.length, Integer.MAX_VALUE - 8));
    }
  }

  private static EOFException truncated() {
    return new EOFException("the stream ends within a frame");
  }
}
