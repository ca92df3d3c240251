package io.cordon.process.kernel;

import java.util.concurrent.atomic.AtomicBoolean;

/** An open file descriptor of this JVM, closed once. Safe for several threads. */
public final class Descriptor implements AutoCloseable {
  private final Kernel kernel;
  private final int number;
  private final AtomicBoolean closed = new AtomicBoolean();

  Descriptor(Kernel kernel, int number) {
    this.kernel = kernel;
    this.number = number;
  }

  /** Its number. */
  public int number() {
    return number;
  }

  @Override
  public void close() {
    if (closed.compareAndSet(false, true)) {
      kernel.close(number);
    }
  }

  @Override
  public String toString() {
    return "fd " + number;
  }
}
