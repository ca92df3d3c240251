package io.cordon.process.quota;

import java.io.IOException;

/** How much processor time one cell has had. */
interface CpuMeter extends AutoCloseable {

  CpuTime time() throws IOException;

  @Override
  void close();

  /** Processor time in nanoseconds. */
  record CpuTime(long user, long system) {}
}
