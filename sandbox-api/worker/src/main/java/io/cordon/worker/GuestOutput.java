package io.cordon.worker;

import io.cordon.worker.wire.MessageWriter;
import io.cordon.worker.wire.ToHost;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Arrays;

/**
 * What the guest prints, sent to the host line by line, or in pieces of a long line. Safe for use
 * by several threads. Closing it does nothing.
 */
final class GuestOutput extends OutputStream {
  private static final int CAPACITY = 8 * 1024;

  private final MessageWriter writer;
  private final RunningTask running;
  private final boolean error;
  private final byte[] buffer = new byte[CAPACITY];
  private int length;

  GuestOutput(MessageWriter writer, RunningTask running, boolean error) {
    this.writer = writer;
    this.running = running;
    this.error = error;
  }

  @Override
  public synchronized void write(int value) throws IOException {
    if (length == CAPACITY) {
      flush();
    }
    buffer[length++] = (byte) value;
    if (value == '\n') {
      flush();
    }
  }

  @Override
  public synchronized void write(byte[] bytes, int start, int count) throws IOException {
    boolean line = false;
    for (int i = start; i < start + count; i++) {
      if (length == CAPACITY) {
        flush();
      }
      buffer[length++] = bytes[i];
      line |= bytes[i] == '\n';
    }
    if (line) {
      flush();
    }
  }

  @Override
  public synchronized void flush() throws IOException {
    if (length > 0) {
      byte[] piece = Arrays.copyOf(buffer, length);
      length = 0;
      writer.write(new ToHost.Output(running.id(), error, piece));
    }
  }
}
