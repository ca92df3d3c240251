package io.cordon.process;

import io.cordon.process.identity.TenantIdentity;
import io.cordon.process.kernel.Kernel;
import io.cordon.process.plan.Architecture;
import io.cordon.sandbox.ErrorCode;
import io.cordon.sandbox.HostReport.StrategyReport;
import io.cordon.sandbox.SandboxException;
import io.cordon.sandbox.spi.Cell;
import io.cordon.sandbox.spi.CellSpec;
import io.cordon.sandbox.spi.IsolationStrategy;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiFunction;

/** Cells as namespaced processes of this host. */
final class ProcessStrategy implements IsolationStrategy {
  static final String NAME = "process";

  private final Spawner spawner;
  private final Lazy<Toolbox> toolbox;
  private final Lazy<StrategyReport> report;
  private final Set<ProcessCell> cells = ConcurrentHashMap.newKeySet();
  private volatile boolean closed;

  /** Opens the strategy; what it needs is made in the background, or when it is first used. */
  ProcessStrategy(Architecture architecture, BiFunction<Kernel, Architecture, Toolbox> tools) {
    this.spawner = new Spawner(() -> Kernel.bind(architecture.systemCalls()));
    this.toolbox = new Lazy<>(() -> tools.apply(spawner.kernel(), architecture));
    this.report = new Lazy<>(() -> new HostProbe(toolbox.get(), spawner).report());
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public StrategyReport report() {
    return report.get();
  }

  @Override
  public List<String> explain(CellSpec spec) {
    Toolbox tools = toolbox.get();
    try (TenantIdentity identity = tools.identities().claim(spec.tenant())) {
      return tools.plan(spec, tools.view(spec), List.of(), identity).describe();
    }
  }

  @Override
  public Cell launch(CellSpec spec) {
    if (closed) {
      throw new SandboxException(ErrorCode.CLOSED, "the strategy is closed");
    }
    Toolbox tools = toolbox.get();
    Launch.Parts parts = new Launch(tools, spawner, spec, tools.view(spec)).run();
    ProcessCell cell = new ProcessCell(tools, parts, cells::remove);
    cells.add(cell);
    if (closed) { // meanwhile; nobody else knows of this cell
      cell.close();
      throw new SandboxException(ErrorCode.CLOSED, "the strategy is closed");
    }
    return cell;
  }

  @Override
  public void close() {
    closed = true;
    cells.forEach(ProcessCell::kill); // all of them before waiting for the first
    cells.forEach(ProcessCell::close);
    toolbox.peek().ifPresent(Toolbox::close);
    spawner.close();
  }
}
