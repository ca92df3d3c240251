package io.cordon.process.quota;

import io.cordon.sandbox.spi.CellCounters;
import java.io.IOException;

/** How one cell is slowed down. */
interface FlowMeter extends AutoCloseable {
  CellCounters.Flow flow() throws IOException;

  @Override
  void close();

  /** Where nobody counts. */
  static FlowMeter unknown() {
    return new FlowMeter() {
      @Override
      public CellCounters.Flow flow() {
        return CellCounters.Flow.UNKNOWN;
      }

      @Override
      public void close() {}
    };
  }
}
