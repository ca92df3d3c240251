package io.cordon.process;

import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * The threads of supervisors. Each is one supervisor's alone from its cell's start to its end, for
 * the parent-death signal follows the thread that started a process; after that it is kept for a
 * while for the next, since making a thread takes as long as many a step of a launch.
 */
final class SupervisorThreads implements AutoCloseable {
  private static final String IDLE = "cordon-cell-none";
  private static final long STACK = 256 << 10;
  private static final long KEPT_SECONDS = 10;

  private final ThreadPoolExecutor threads;

  SupervisorThreads() {
    ThreadFactory factory =
        Thread.ofPlatform()
            .daemon()
            .name(IDLE)
            .stackSize(STACK)
            .inheritInheritableThreadLocals(false) // the next cell may be another tenant's
            .factory();
    // Nobody waits in a queue: for every supervisor there is a thread at once.
    this.threads =
        new ThreadPoolExecutor(
            0,
            Integer.MAX_VALUE,
            KEPT_SECONDS,
            TimeUnit.SECONDS,
            new SynchronousQueue<>(),
            factory);
  }

  /** Runs a supervisor, on a thread that has its cell's name. */
  void run(String name, Supervisor supervisor) {
    threads.execute(
        () -> {
          Thread thread = Thread.currentThread();
          thread.setName(name);
          try {
            supervisor.run();
          } finally {
            thread.setName(IDLE);
          }
        });
  }

  /** Lets the idle ones end now, and the others when their cells have. */
  @Override
  public void close() {
    threads.shutdown();
  }
}
