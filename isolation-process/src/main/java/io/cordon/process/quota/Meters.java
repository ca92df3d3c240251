package io.cordon.process.quota;

import java.io.IOException;

/** All that is counted of one cell. */
record Meters(MemoryMeter memory, CpuMeter cpu, PidsMeter pids) implements AutoCloseable {

  QuotaCounters read() throws IOException {
    CpuMeter.CpuTime time = cpu.time();
    return new QuotaCounters(
        time.user(),
        time.system(),
        memory.current(),
        memory.peak(),
        memory.kills(),
        memory.evidence(),
        pids.current(),
        pids.denied(),
        pids.evidence());
  }

  @Override
  public void close() {
    memory.close();
    cpu.close();
    pids.close();
  }
}
