package io.cordon.worker;

import io.cordon.worker.wire.ToHost;
import java.io.IOException;

/** Which task runs now, for what the guest's threads print meanwhile. */
final class RunningTask {
  private volatile long id = ToHost.NO_TASK;

  long id() {
    return id;
  }

  void begin(long task) {
    id = task;
  }

  /** Ends the task once what it printed is on its way. */
  void end(GuestOutput out, GuestOutput err) throws IOException {
    out.flush();
    err.flush();
    id = ToHost.NO_TASK;
  }
}
