package io.cordon.process;

import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A value that is made when it is first asked for; again if that failed. Safe for several threads.
 */
public final class Lazy<T> implements Supplier<T> {
  private final ReentrantLock lock = new ReentrantLock();
  private final Supplier<T> source;
  private volatile @Nullable T value;

  /** A value of a source. */
  public Lazy(Supplier<T> source) {
    this.source = source;
  }

  @Override
  public T get() {
    T known = value;
    if (known != null) {
      return known;
    }
    lock.lock();
    try {
      T made = value;
      if (made == null) {
        made = source.get();
        value = made;
      }
      return made;
    } finally {
      lock.unlock();
    }
  }

  /** The value, if it has been asked for. */
  public Optional<T> peek() {
    return Optional.ofNullable(value);
  }
}
