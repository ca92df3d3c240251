package io.cordon.worker.wire;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;

/** Counts what the current thread allocates. */
final class Allocation {
  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  interface Action {
    void run() throws Exception;
  }

  private Allocation() {}

  /** The bytes that an action allocates, whether it throws or not. */
  static long of(Action action) {
    long before = THREADS.getCurrentThreadAllocatedBytes();
    try {
      action.run();
    } catch (Exception expected) {
      // What it throws is for the caller to look at in another run.
      return THREADS.getCurrentThreadAllocatedBytes() - before;
    }
    return THREADS.getCurrentThreadAllocatedBytes() - before;
  }
}
