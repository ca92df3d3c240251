package io.cordon.engine.stream;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Passes everything on to one reader, and lets the writer wait while that reads nothing: so the
 * pipe fills up, and the guest waits as it would for any slow reader.
 */
public final class Conduit implements GuestOutput {
  /** As much as a pipe of Linux holds. */
  static final int CAPACITY = 64 * 1024;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final Deque<byte[]> waiting = new ArrayDeque<>();
  private final InputStream reader = new Reader();
  private int position; // in the first chunk
  private long held;
  private boolean released;
  private boolean ended;
  private boolean closed;

  @Override
  public void write(byte[] bytes, int offset, int length) {
    lock.lock();
    try {
      while (held >= CAPACITY && !released && !closed) {
        changed.awaitUninterruptibly();
      }
      if (length > 0 && !closed) {
        waiting.add(Arrays.copyOfRange(bytes, offset, offset + length));
        held += length;
        changed.signalAll();
      }
    } finally {
      lock.unlock();
    }
  }

  /** What is still in the pipe comes through without a bound: that is at most what a pipe holds. */
  @Override
  public void release() {
    lock.lock();
    try {
      released = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void end() {
    lock.lock();
    try {
      ended = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  @Override
  public InputStream reader() {
    return reader;
  }

  @Override
  public byte[] captured() {
    return new byte[0];
  }

  private final class Reader extends InputStream {

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
      lock.lock();
      try {
        while (waiting.isEmpty() && !ended && !closed) {
          changed.await();
        }
        if (closed) {
          throw new IOException("the stream is closed");
        }
        byte[] first = waiting.peek();
        if (first == null) {
          return -1;
        }
        int count = Math.min(length, first.length - position);
        System.arraycopy(first, position, into, offset, count);
        position += count;
        held -= count;
        if (position == first.length) {
          waiting.remove();
          position = 0;
        }
        changed.signalAll();
        return count;
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new InterruptedIOException("interrupted while waiting for output");
      } finally {
        lock.unlock();
      }
    }

    @Override
    public int available() {
      lock.lock();
      try {
        return (int) Math.min(held, Integer.MAX_VALUE);
      } finally {
        lock.unlock();
      }
    }

    /** Whoever reads no more wants nothing more: the rest is dropped, and the guest goes on. */
    @Override
    public void close() {
      lock.lock();
      try {
        closed = true;
        waiting.clear();
        held = 0;
        position = 0;
        changed.signalAll();
      } finally {
        lock.unlock();
      }
    }
  }
}
