package io.cordon.process.quota;

import io.cordon.sandbox.spi.CellCounters;
import io.cordon.sandbox.spi.CellCounters.TenantTrips;
import java.io.IOException;

/**
 * All that is counted of one cell.
 *
 * @param memoryTotal what befell it for the memory of its tenant
 * @param pidsTotal what befell it for the processes of its tenant
 */
record Meters(
    MemoryMeter memory,
    CpuMeter cpu,
    PidsMeter pids,
    FlowMeter flow,
    MemoryTotal memoryTotal,
    PidsTotal pidsTotal)
    implements AutoCloseable {

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
        pids.evidence(),
        flow.flow(),
        new TenantTrips(
            memoryTotal.kills(),
            memoryTotal.peak(),
            memoryTotal.evidence(),
            pidsTotal.deniedForTenant(),
            pidsTotal.evidence()));
  }

  CellCounters.Denials denials() throws IOException {
    return new CellCounters.Denials(pids.denied(), pidsTotal.deniedForTenant());
  }

  /** How many of its processes the kernel, or who watches, has killed for a limit on memory. */
  long memoryKills() throws IOException {
    return memory.kills() + memoryTotal.kills();
  }

  @Override
  public void close() {
    memory.close();
    cpu.close();
    pids.close();
    flow.close();
    memoryTotal.close();
    pidsTotal.close();
  }
}
