package io.cordon.process.quota;

import io.cordon.sandbox.Evidence;
import java.io.IOException;

/** The pids controller, the same in both versions. */
record KernelPids(CounterFile now, CounterFile events) implements PidsMeter {

  @Override
  public long current() throws IOException {
    return now.value();
  }

  @Override
  public long denied() throws IOException {
    return events.field("max");
  }

  @Override
  public Evidence evidence() {
    return Evidence.KERNEL;
  }

  @Override
  public void close() {
    now.close();
    events.close();
  }
}
