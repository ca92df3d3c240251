package io.cordon.engine.stream;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.util.Arrays;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Keeps everything; every reader sees it from its beginning. What is kept is bounded by who writes:
 * the {@link OutputMeter} lets no more through than {@code output.max}.
 */
public final class Capture implements GuestOutput {
  private static final int SMALLEST = 512;

  /** The largest array that every JVM can make; what is beyond it is counted, not kept. */
  private static final int LARGEST = Integer.MAX_VALUE - 8;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private byte[] kept = new byte[0];
  private int size;
  private boolean ended;

  @Override
  public void write(byte[] bytes, int offset, int length) {
    lock.lock();
    try {
      int fitting = Math.min(length, LARGEST - size);
      if (size + fitting > kept.length) {
        long doubled = Math.max(SMALLEST, 2L * kept.length);
        kept = Arrays.copyOf(kept, Math.clamp(doubled, size + fitting, LARGEST));
      }
      System.arraycopy(bytes, offset, kept, size, fitting);
      size += fitting;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void release() {}

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
    return new Reader();
  }

  @Override
  public byte[] captured() {
    lock.lock();
    try {
      return Arrays.copyOf(kept, size);
    } finally {
      lock.unlock();
    }
  }

  private final class Reader extends InputStream {
    private int position;

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
        while (position == size && !ended) {
          changed.await();
        }
        int count = Math.min(length, size - position);
        System.arraycopy(kept, position, into, offset, count);
        position += count;
        return count == 0 ? -1 : count;
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
        return size - position;
      } finally {
        lock.unlock();
      }
    }
  }
}
