package io.cordon.process.quota;

import io.cordon.process.kernel.Descriptor;
import io.cordon.process.kernel.EventPoll;
import io.cordon.process.kernel.Kernel;
import io.cordon.process.kernel.SystemCallException;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The kernel's own word: it wakes who polls an events file of a group of version 2 whenever that
 * changes (cgroup-v2.rst, "memory.events" and "pids.events"). One thread waits for all cells.
 */
final class KernelEvents implements EventSource {
  private final Kernel kernel;
  private final EventPoll poll;
  private final AtomicLong lastToken = new AtomicLong();
  private final ConcurrentMap<Long, Runnable> told = new ConcurrentHashMap<>();

  KernelEvents(Kernel kernel) {
    this.kernel = kernel;
    this.poll = kernel.eventPoll();
    Thread.ofPlatform().daemon().name("cordon-events").start(this::run);
  }

  @Override
  public Watch watch(List<Path> files, Runnable changed) {
    List<Descriptor> open = new ArrayList<>();
    long token = lastToken.incrementAndGet();
    told.put(token, changed);
    try {
      for (Path file : files) {
        Descriptor descriptor = kernel.openFile(file);
        open.add(descriptor);
        poll.add(descriptor, token);
      }
      return new Watch(open, () -> told.remove(token));
    } catch (SystemCallException e) {
      open.forEach(Descriptor::close);
      told.remove(token);
      throw e;
    }
  }

  private void run() {
    try {
      while (poll.await(this::tell)) {}
    } finally {
      poll.release();
    }
  }

  private void tell(long token) {
    Runnable changed = told.get(token);
    if (changed != null) { // or its cell has just been closed
      try {
        changed.run();
      } catch (RuntimeException e) { // the others must be told
        System.getLogger(KernelEvents.class.getName())
            .log(Level.WARNING, "what has befallen a cell can't be told", e);
      }
    }
  }

  @Override
  public void close() {
    poll.close();
  }
}
