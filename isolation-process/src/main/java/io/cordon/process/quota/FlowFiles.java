package io.cordon.process.quota;

import io.cordon.sandbox.spi.CellCounters.Flow;
import java.io.IOException;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What a cell was kept from, and what went from and to the disks.
 *
 * @param throttle the cpu controller's part, if there is one
 * @param io the group and how its file is read, where the cell is in one that counts
 */
record FlowFiles(FlowMeter throttle, Optional<IoCount> io) implements FlowMeter {

  /** Reads a file that has a line for each disk. */
  interface IoCount {
    /** Bytes read, and bytes written. */
    CounterFile.Pair bytes() throws IOException;
  }

  @Override
  public Flow flow() throws IOException {
    Flow kept = throttle.flow();
    if (io.isEmpty()) {
      return kept;
    }
    CounterFile.Pair bytes = io.get().bytes();
    return new Flow(
        kept.throttledNanos(), OptionalLong.of(bytes.first()), OptionalLong.of(bytes.second()));
  }

  @Override
  public void close() {
    throttle.close();
  }
}
