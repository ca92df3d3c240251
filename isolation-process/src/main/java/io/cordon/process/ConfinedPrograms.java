package io.cordon.process;

import io.cordon.policy.TenantLimits;
import io.cordon.process.kernel.Kernel;
import io.cordon.sandbox.ErrorCode;
import io.cordon.sandbox.HostReport.StrategyReport;
import io.cordon.sandbox.SandboxException;
import io.cordon.sandbox.spi.Cell;
import io.cordon.sandbox.spi.CellSpec;
import io.cordon.sandbox.spi.CellSpec.Program;
import io.cordon.sandbox.spi.IsolationStrategyProvider.Context;
import io.cordon.sandbox.spi.OuterLimits;
import java.nio.file.Path;
import java.util.List;

/**
 * Runs programs of ours in cells: with every layer and quota that a tenant's program has. Closing
 * it kills those that run. Safe for several threads.
 *
 * <pre>{@code
 * try (ConfinedPrograms programs = ConfinedPrograms.open(cache);
 *     Cell cell = programs.launch(monitor)) {
 *   cell.exit().join();
 * }
 * }</pre>
 */
public final class ConfinedPrograms implements AutoCloseable {
  private final CellLauncher launcher;

  private ConfinedPrograms(CellLauncher launcher) {
    this.launcher = launcher;
  }

  /**
   * Opens it for a strategy: what tenants have on this host, their programs share with their cells
   * of other strategies.
   *
   * @throws SandboxException {@link ErrorCode#STRATEGY_UNUSABLE} on a processor that it isn't for
   */
  public static ConfinedPrograms open(Context context) {
    return new ConfinedPrograms(ThisHost.launcher(context));
  }

  /**
   * Opens it by itself.
   *
   * @param cache an existing private directory, for what doesn't fit into memory
   * @throws SandboxException {@link ErrorCode#STRATEGY_UNUSABLE} on a processor that it isn't for
   */
  public static ConfinedPrograms open(Path cache) {
    return new ConfinedPrograms(ThisHost.launcher(cache));
  }

  /**
   * Launches a program; it is executing when this returns.
   *
   * @throws SandboxException with the step that failed, and what to do about it
   */
  public Cell launch(ConfinedProgram program) {
    CellSpec spec =
        new CellSpec(
            program.tenant(),
            program.name(),
            new Program.Native(program.arguments()),
            program.environment(),
            List.of(),
            program.limits(),
            program.tenantLimits(),
            program.startMax());
    return launcher.launch(spec, shop -> shop.view(program));
  }

  /**
   * Holds all programs of a tenant to another total, at once: {@link
   * io.cordon.sandbox.spi.IsolationStrategy#limit}.
   */
  public void limit(String tenant, TenantLimits total) {
    launcher.limit(tenant, total);
  }

  /** What this application's own groups leave to all programs. */
  public OuterLimits outerLimits() {
    return launcher.outerLimits();
  }

  /** This JVM's system calls. */
  public Kernel kernel() {
    return launcher.workshop().kernel();
  }

  /** What this host confines programs with, by a cell that was really launched. */
  public StrategyReport report() {
    return launcher.report();
  }

  @Override
  public void close() {
    launcher.close();
  }
}
