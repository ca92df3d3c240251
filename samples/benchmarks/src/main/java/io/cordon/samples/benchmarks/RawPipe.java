package io.cordon.samples.benchmarks;

import io.cordon.sandbox.spi.Cell;
import java.io.IOException;
import java.io.InputStream;
import java.util.concurrent.locks.LockSupport;

/**
 * The bare minimum of a call into a cell: the caller writes a block and parks; a reader thread gets
 * the answer and wakes it. The same threads as a plugin call has, and nothing else.
 */
final class RawPipe implements AutoCloseable {
  private final Cell cell;
  private final byte[] block = new byte[RawEcho.BLOCK];
  private volatile long answered;
  private volatile boolean ended;
  private volatile Thread caller = Thread.currentThread();
  private long asked;

  RawPipe(Cell cell) {
    this.cell = cell;
    Thread.ofPlatform().daemon().name("raw-pipe-reader").start(this::read);
  }

  void roundTrip() throws IOException {
    caller = Thread.currentThread();
    asked++;
    cell.stdin().write(block);
    cell.stdin().flush();
    while (answered != asked) {
      if (ended) {
        throw new IOException("the echo has ended");
      }
      LockSupport.park(this);
    }
  }

  @SuppressWarnings("NonAtomicVolatileUpdate") // only the reader writes it
  private void read() {
    byte[] answer = new byte[RawEcho.BLOCK];
    InputStream in = cell.stdout();
    try {
      while (in.readNBytes(answer, 0, RawEcho.BLOCK) == RawEcho.BLOCK) {
        answered++;
        LockSupport.unpark(caller);
      }
    } catch (IOException e) {
      // The cell was closed: the caller is told below.
    }
    ended = true;
    LockSupport.unpark(caller);
  }

  @Override
  public void close() {
    cell.close(); // which ends the reader's stream
  }
}
