package io.cordon.process.quota;

import io.cordon.sandbox.spi.CellCounters.Flow;
import java.io.IOException;
import java.util.OptionalLong;

/**
 * What the cpu controller has kept a cell from.
 *
 * @param key of the line that tells it
 * @param nanos in one of its units
 */
record ThrottleMeter(CounterFile stat, String key, long nanos) implements FlowMeter {

  @Override
  public Flow flow() throws IOException {
    return new Flow(
        OptionalLong.of(stat.field(key) * nanos), OptionalLong.empty(), OptionalLong.empty());
  }

  @Override
  public void close() {
    stat.close();
  }
}
