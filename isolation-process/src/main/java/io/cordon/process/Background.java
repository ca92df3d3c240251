package io.cordon.process;

import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * A value that is made on a thread of its own, from now on: no interrupt of who needs it ends that.
 * Safe for several threads.
 */
public final class Background<T> implements Supplier<T> {
  private final FutureTask<T> making;

  /**
   * Begins to make a value.
   *
   * @param thread the thread's name
   * @param source makes it
   */
  public Background(String thread, Callable<T> source) {
    this(thread, source, made -> {});
  }

  /**
   * Begins to make a value.
   *
   * @param thread the thread's name
   * @param source makes it
   * @param afterwards is done with it when it is there already; may fail
   */
  Background(String thread, Callable<T> source, Consumer<T> afterwards) {
    this.making = new FutureTask<>(source);
    Thread.ofPlatform()
        .daemon()
        .name(thread)
        .start(
            () -> {
              making.run();
              if (making.state() == FutureTask.State.SUCCESS) {
                try {
                  afterwards.accept(making.resultNow());
                } catch (RuntimeException e) {
                  // whoever needs it in earnest will meet the same error, and can tell somebody
                }
              }
            });
  }

  /** The value, once it is made. */
  @Override
  public T get() {
    boolean interrupted = false;
    try {
      while (true) {
        try {
          return making.get();
        } catch (InterruptedException e) {
          interrupted = true; // it takes a tenth of a second, once
        } catch (ExecutionException e) {
          if (e.getCause() instanceof RuntimeException cause) {
            throw cause;
          }
          throw new IllegalStateException(e.getCause());
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
