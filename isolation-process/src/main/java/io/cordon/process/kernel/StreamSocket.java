package io.cordon.process.kernel;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;

/**
 * This JVM's end of a {@linkplain Kernel#connection() connection}. Closing its output tells the
 * other end that no more will come, while it may still send. Safe for several threads.
 *
 * <p>The JDK has no stream for a socket that it hasn't made, and one can't be opened by way of
 * {@code /proc}; so this reads and writes by foreign calls, each through a buffer that is kept.
 * Those block the thread that they are on, a virtual thread's carrier too: use platform threads.
 */
public final class StreamSocket implements AutoCloseable {
  private static final int BUFFER = 16 << 10;

  private final Kernel kernel;
  private final Descriptor descriptor;
  private final InputStream input = new Input();
  private final OutputStream output = new Output();

  // Held for reading by calls, for writing by who closes: a number that is closed may be another's.
  private final ReadWriteLock open = new ReentrantReadWriteLock();
  private final AtomicBoolean closed = new AtomicBoolean();

  StreamSocket(Kernel kernel, Descriptor descriptor) {
    this.kernel = kernel;
    this.descriptor = descriptor;
  }

  /** What the other end sends; unbuffered. Ends when that has closed its output, or is gone. */
  public InputStream input() {
    return input;
  }

  /** What the other end gets; unbuffered. Closing it closes this direction alone. */
  public OutputStream output() {
    return output;
  }

  /** Sends some text and, with its first byte, a descriptor; the caller's own stays open. */
  public void send(String text, Descriptor carried) throws IOException {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment data = arena.allocate(bytes.length, 8);
      data.asByteBuffer().put(bytes);
      MemorySegment vector = arena.allocate(16, 8); // struct iovec, linux/uio.h
      vector.set(ADDRESS, 0, data);
      vector.set(JAVA_LONG, 8, bytes.length);
      MemorySegment control = arena.allocate(24, 8); // struct cmsghdr, linux/socket.h
      control.set(JAVA_LONG, 0, 20);
      control.set(JAVA_INT, 8, (int) SocketFlag.SOL_SOCKET.value());
      control.set(JAVA_INT, 12, (int) SocketFlag.SCM_RIGHTS.value());
      control.set(JAVA_INT, 16, carried.number());
      MemorySegment header = arena.allocate(56, 8); // struct msghdr
      header.set(ADDRESS, 16, vector);
      header.set(JAVA_LONG, 24, 1);
      header.set(ADDRESS, 32, control);
      header.set(JAVA_LONG, 40, control.byteSize());
      int sent = (int) guarded(() -> kernel.sendMessage(descriptor, header));
      output.write(bytes, sent, bytes.length - sent);
    }
  }

  @FunctionalInterface
  private interface Call {
    long make();
  }

  private long guarded(Call call) throws IOException {
    open.readLock().lock();
    try {
      if (closed.get()) {
        throw new IOException("the connection is closed");
      }
      return call.make();
    } catch (SystemCallException e) {
      throw new IOException("the connection is broken: " + Errno.nameOf(e.errno()), e);
    } finally {
      open.readLock().unlock();
    }
  }

  /** Ends both directions, for the other end and for whoever is reading or writing here. */
  @Override
  public void close() {
    if (!closed.compareAndSet(false, true)) {
      return;
    }
    try {
      kernel.shutdown(descriptor, SocketFlag.SHUT_RDWR); // wakes who is blocked
    } catch (SystemCallException e) {
      // ENOTCONN: the other end is gone
    }
    open.writeLock().lock();
    try {
      descriptor.close();
    } finally {
      open.writeLock().unlock();
    }
  }

  private final class Input extends InputStream {
    private final ReentrantLock one = new ReentrantLock();
    private final MemorySegment buffer = Arena.ofAuto().allocate(BUFFER, 8);
    private final ByteBuffer bytes = buffer.asByteBuffer();

    @Override
    public int read() throws IOException {
      byte[] single = new byte[1];
      return read(single, 0, 1) < 0 ? -1 : single[0] & 0xff;
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
      Objects.checkFromIndexSize(offset, length, into.length);
      if (length == 0) {
        return 0;
      }
      one.lock();
      try {
        int count = (int) guarded(() -> receive(Math.min(length, BUFFER)));
        bytes.get(0, into, offset, count);
        return count == 0 ? -1 : count;
      } finally {
        one.unlock();
      }
    }

    private long receive(int most) {
      try {
        return kernel.receiveBytes(descriptor, buffer, most);
      } catch (SystemCallException e) {
        if (Errno.ECONNRESET.is(e.errno())) {
          return 0; // it is gone, and had not read all that it was sent
        }
        throw e;
      }
    }

    @Override
    public void close() {
      StreamSocket.this.close();
    }
  }

  private final class Output extends OutputStream {
    private final ReentrantLock one = new ReentrantLock();
    private final MemorySegment buffer = Arena.ofAuto().allocate(BUFFER, 8);
    private final AtomicBoolean ended = new AtomicBoolean();

    @Override
    public void write(int single) throws IOException {
      write(new byte[] {(byte) single}, 0, 1);
    }

    @Override
    public void write(byte[] from, int offset, int length) throws IOException {
      Objects.checkFromIndexSize(offset, length, from.length);
      one.lock();
      try {
        for (int at = offset; at < offset + length; ) {
          int size = Math.min(BUFFER, offset + length - at);
          MemorySegment.copy(from, at, buffer, JAVA_BYTE, 0, size);
          at += (int) guarded(() -> kernel.sendBytes(descriptor, buffer, size));
        }
      } finally {
        one.unlock();
      }
    }

    @Override
    public void close() throws IOException {
      if (ended.compareAndSet(false, true) && !closed.get()) {
        try {
          guarded(
              () -> {
                kernel.shutdown(descriptor, SocketFlag.SHUT_WR);
                return 0;
              });
        } catch (IOException e) {
          // there is nobody any more to tell
        }
      }
    }
  }
}
