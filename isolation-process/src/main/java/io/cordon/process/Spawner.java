package io.cordon.process;

import io.cordon.process.kernel.Descriptor;
import io.cordon.process.kernel.Kernel;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Starts every process from one thread of its own, for the parent-death signal follows the thread
 * that started a process (prctl(2)): a thread of a pool, or a virtual thread's carrier, may end
 * long before this JVM does. Safe for several threads.
 */
final class Spawner implements AutoCloseable {
  private final ExecutorService thread =
      Executors.newSingleThreadExecutor(
          Thread.ofPlatform().daemon().name("cordon-spawner").factory());
  private final Future<Kernel> kernel;

  /** Begins to bind the kernel's functions, in the background. */
  Spawner(java.util.concurrent.Callable<Kernel> binding) {
    this.kernel = thread.submit(binding);
  }

  /** The kernel, once it is bound. */
  Kernel kernel() {
    return get(kernel);
  }

  /** Starts a program; see {@link Kernel#spawn}. */
  int spawn(Descriptor program, String name, List<Descriptor> descriptors) {
    Kernel bound = kernel();
    return get(thread.submit(() -> bound.spawn(program, name, descriptors)));
  }

  private static <T> T get(Future<T> future) {
    boolean interrupted = false;
    try {
      while (true) {
        try {
          return future.get();
        } catch (InterruptedException e) {
          interrupted = true; // a started process must not be lost for it
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

  /** Ends the thread, and with it every process that it has started and that still lives. */
  @Override
  public void close() {
    thread.shutdown();
  }
}
