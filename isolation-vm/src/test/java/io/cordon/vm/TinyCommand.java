package io.cordon.vm;

import io.cordon.policy.SandboxLimits;
import io.cordon.sandbox.spi.CellSpec;
import io.cordon.sandbox.spi.CellSpec.Program;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** A cell for whoever asks about launches without launching. */
final class TinyCommand {
  private TinyCommand() {}

  static CellSpec within(Duration startMax) {
    return new CellSpec(
        "acme",
        "cell-1",
        new Program.Native(List.of("true")),
        Map.of(),
        List.of(),
        new SandboxLimits(1000, 64 << 20, 16, new SandboxLimits.Disk(1 << 20, 100)),
        startMax);
  }
}
