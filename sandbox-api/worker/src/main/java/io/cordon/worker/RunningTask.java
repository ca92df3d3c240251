package io.cordon.worker;

import io.cordon.worker.wire.MessageWriter;
import io.cordon.worker.wire.ToHost;
import java.io.IOException;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** Which task runs now, for what the guest's threads print meanwhile. */
final class RunningTask {
  private final LongSupplier clock;
  private volatile long id = ToHost.NO_TASK;
  private @Nullable DeadlineWatch watch;

  /** With the clock by which tasks run out of time. */
  RunningTask(LongSupplier clock) {
    this.clock = clock;
  }

  /** Has the host told of each task that runs out of time, from now on; called by who runs them. */
  void watch(MessageWriter writer) {
    watch = DeadlineWatch.start(this, Thread.currentThread(), writer, clock);
  }

  long id() {
    return id;
  }

  /**
   * A task begins.
   *
   * @param timeLeft nanoseconds until the host ends it
   */
  void begin(long task, long timeLeft) {
    id = task;
    if (watch != null) {
      watch.begins(task, timeLeft);
    }
  }

  /** Ends the task once what it printed is on its way. */
  void end(GuestOutput out, GuestOutput err) throws IOException {
    out.flush();
    err.flush();
    id = ToHost.NO_TASK;
  }
}
