package io.cordon.process;

import io.cordon.policy.SandboxLimits;
import io.cordon.sandbox.HostReport.StrategyReport;
import io.cordon.sandbox.SandboxException;
import io.cordon.sandbox.spi.CellSpec;
import io.cordon.sandbox.spi.CellSpec.Program;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Finds out what this host offers, by really launching a cell. */
final class HostProbe {
  private static final CellSpec PROBE =
      new CellSpec(
          "cordon-probe",
          "probe",
          new Program.Native(List.of("probe")),
          Map.of(),
          List.of(),
          new SandboxLimits(1000, 64 << 20, 16, new SandboxLimits.Disk(1 << 20, 16)),
          Duration.ofSeconds(30));

  private final Toolbox tools;
  private final Spawner spawner;

  HostProbe(Toolbox tools, Spawner spawner) {
    this.tools = tools;
    this.spawner = spawner;
  }

  StrategyReport report() {
    String tier = tools.quotas().tier();
    try {
      Launch.Parts parts = new Launch(tools, spawner, PROBE, CellView.ofProbe(PROBE)).run();
      new ProcessCell(tools, parts, cell -> {}).close();
      return new StrategyReport(ProcessStrategy.NAME, true, tier, tools.layers());
    } catch (SandboxException e) {
      return new StrategyReport(
          ProcessStrategy.NAME,
          false,
          tier,
          List.of(Layers.missing("launch", Optional.empty(), e.toString(), "")));
    }
  }
}
