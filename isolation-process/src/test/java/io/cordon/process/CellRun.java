package io.cordon.process;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.cordon.policy.SandboxLimits;
import io.cordon.sandbox.spi.Cell;
import io.cordon.sandbox.spi.CellCounters;
import io.cordon.sandbox.spi.CellExit;
import io.cordon.sandbox.spi.CellSpec;
import io.cordon.sandbox.spi.CellSpec.InputFile;
import io.cordon.sandbox.spi.CellSpec.Program;
import io.cordon.sandbox.spi.IsolationStrategy;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/**
 * A program that has run in a cell to its end.
 *
 * @param exit how it ended
 * @param out what it wrote to its standard output
 * @param err what it wrote to its standard error
 * @param counters what it used
 */
record CellRun(CellExit exit, String out, String err, CellCounters counters) {
  static final SandboxLimits LIMITS =
      new SandboxLimits(2000, 512 << 20, 64, new SandboxLimits.Disk(16 << 20, 500));

  /** A cell for a native program. */
  static CellSpec command(String... arguments) {
    return spec(new Program.Native(List.of(arguments)));
  }

  /** A cell for a shell script. */
  static CellSpec shell(String script) {
    return command("/bin/sh", "-c", script);
  }

  static CellSpec spec(Program program) {
    return new CellSpec(
        "acme", "cell-1", program, Map.of(), List.of(), LIMITS, Duration.ofSeconds(60));
  }

  static CellSpec named(String name, CellSpec spec) {
    return new CellSpec(
        spec.tenant(),
        name,
        spec.program(),
        spec.environment(),
        spec.inputs(),
        spec.limits(),
        spec.tenantLimits(),
        spec.startMax());
  }

  static CellSpec withInput(CellSpec spec, String name, byte[] content) {
    List<InputFile> inputs = new ArrayList<>(spec.inputs());
    inputs.add(new InputFile(name, content));
    return new CellSpec(
        spec.tenant(),
        spec.name(),
        spec.program(),
        spec.environment(),
        inputs,
        spec.limits(),
        spec.tenantLimits(),
        spec.startMax());
  }

  static CellSpec withLimits(CellSpec spec, SandboxLimits limits) {
    return new CellSpec(
        spec.tenant(),
        spec.name(),
        spec.program(),
        spec.environment(),
        spec.inputs(),
        limits,
        spec.tenantLimits(),
        spec.startMax());
  }

  static CellSpec withStartMax(CellSpec spec, Duration startMax) {
    return new CellSpec(
        spec.tenant(),
        spec.name(),
        spec.program(),
        spec.environment(),
        spec.inputs(),
        spec.limits(),
        spec.tenantLimits(),
        startMax);
  }

  /** Runs a cell to its end, without input. */
  static CellRun of(IsolationStrategy strategy, CellSpec spec) {
    try (Cell cell = strategy.launch(spec)) {
      return of(cell);
    }
  }

  /** Follows a cell to its end, without input. */
  static CellRun of(Cell cell) {
    try {
      cell.stdin().close();
      var err = CompletableFuture.supplyAsync(() -> read(cell.stderr()));
      String out = read(cell.stdout());
      return new CellRun(cell.exit().join(), out, err.join(), cell.counters());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String read(InputStream in) {
    try {
      return new String(in.readAllBytes(), UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
