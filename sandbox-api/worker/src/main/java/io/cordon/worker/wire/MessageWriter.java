package io.cordon.worker.wire;

import java.io.IOException;
import java.io.OutputStream;

/**
 * Sends messages as frames: an unsigned 32-bit length, then so many bytes. Each frame is one write,
 * so nothing is ever left to flush. Safe for use by several threads.
 */
public final class MessageWriter {
  private final OutputStream out;
  private final FrameOutput frame;

  /**
   * Creates a writer.
   *
   * @param out an unbuffered stream
   * @param maxFrame how many bytes a frame may have, without its length
   */
  public MessageWriter(OutputStream out, int maxFrame) {
    this.out = out;
    this.frame = new FrameOutput(maxFrame);
  }

  /**
   * Sends a message; blocks while the other end does not read.
   *
   * @throws ProtocolException if the message does not fit into a frame; nothing of it was sent then
   * @throws IOException if the other end is gone
   */
  public synchronized void write(Message message) throws IOException {
    frame.begin();
    MessageFormat.write(message, frame);
    frame.sendTo(out);
  }
}
