package io.cordon.worker;

import io.cordon.worker.wire.MessageWriter;
import io.cordon.worker.wire.ToHost;
import java.io.IOException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;

/**
 * Tells the host what the guest's threads are at, shortly before a task has used up its time: once
 * the host has killed, nobody can be asked any more. A task pays for it with a look at the clock;
 * the watching thread wakes when the time of a task would be over, and not for each.
 */
final class DeadlineWatch implements Runnable {
  /** How long before the end: a worker that is throttled, or emulated, takes its time. */
  private static final long LONGEST_LEAD = 3_000_000_000L;

  private static final long SHORTEST_LEAD = 50_000_000;
  private static final int PART = 4;

  /** Nanoseconds; their differences to the clock don't overflow. */
  private static final long FOR_EVER = Long.MAX_VALUE / 4;

  /** A task and when to tell of it, by the clock. */
  private record Deadline(long task, long when) {}

  private final RunningTask running;
  private final Thread runner;
  private final MessageWriter writer;
  private final LongSupplier clock;
  private final Thread thread = new Thread(null, this, "cordon-deadline", 0, false);
  private volatile Deadline next = new Deadline(ToHost.NO_TASK, 0);
  private volatile long wakesAt;

  private DeadlineWatch(
      RunningTask running, Thread runner, MessageWriter writer, LongSupplier clock) {
    this.running = running;
    this.runner = runner;
    this.writer = writer;
    this.clock = clock;
    this.wakesAt = clock.getAsLong();
  }

  /**
   * Begins to watch.
   *
   * @param runner the thread that runs the tasks
   * @param clock nanoseconds, as of {@link System#nanoTime}; one that is slower is looked at again
   */
  static DeadlineWatch start(
      RunningTask running, Thread runner, MessageWriter writer, LongSupplier clock) {
    DeadlineWatch watch = new DeadlineWatch(running, runner, writer, clock);
    watch.thread.setDaemon(true);
    watch.thread.start();
    return watch;
  }

  void begins(long task, long timeLeft) {
    long time = Math.min(timeLeft, FOR_EVER);
    long lead = Math.clamp(time / PART, Math.min(SHORTEST_LEAD, time / 2), LONGEST_LEAD);
    Deadline deadline = new Deadline(task, clock.getAsLong() + time - lead);
    next = deadline;
    if (deadline.when() - wakesAt < 0) {
      LockSupport.unpark(thread);
    }
  }

  @Override
  public void run() {
    long told = ToHost.NO_TASK;
    try {
      while (true) {
        long now = clock.getAsLong();
        Deadline deadline = next;
        boolean running = deadline.task() == this.running.id() && deadline.task() != told;
        long wait = running ? deadline.when() - now : FOR_EVER;
        if (running && wait <= 0) {
          writer.write(new ToHost.ThreadDump(deadline.task(), ThreadDump.of(runner)));
          told = deadline.task();
          continue;
        }
        wakesAt = now + wait;
        if (next.equals(deadline)) { // else a task began that could not know when this wakes
          LockSupport.parkNanos(this, wait);
        }
      }
    } catch (IOException e) {
      // the host is gone, and soon this worker
    }
  }
}
