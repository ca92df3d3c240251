package io.cordon.vm.agent;

import io.cordon.vm.guest.AgentInit;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;

/**
 * What comes out of an output port of a guest, taken out of its frames. Ends with the frame that
 * says so, with the guest, or where there is no frame any more. For one thread.
 */
public final class FramedInput extends InputStream {
  private final DataInputStream frames;
  private int left;
  private boolean ended;

  /** Reads a port. */
  public FramedInput(InputStream port) {
    this.frames = new DataInputStream(port);
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] into, int offset, int length) throws IOException {
    if (length == 0) {
      return 0;
    }
    if (!begun()) {
      return -1;
    }
    int count = frames.read(into, offset, Math.min(length, left));
    if (count < 0) {
      ended = true; // with the guest, in the middle of a frame
      return -1;
    }
    left -= count;
    return count;
  }

  private boolean begun() throws IOException {
    if (ended) {
      return false;
    }
    if (left == 0) {
      try {
        left = Integer.reverseBytes(frames.readInt());
      } catch (EOFException e) {
        left = 0;
      }
      if (left < 0 || left > AgentInit.FRAME_MAX) {
        ended = true;
        throw new IOException("no frame of the guest's: a length of " + left);
      }
      ended = left == 0;
    }
    return !ended;
  }

  @Override
  public void close() throws IOException {
    frames.close();
  }
}
