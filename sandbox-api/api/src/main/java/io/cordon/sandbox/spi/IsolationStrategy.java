package io.cordon.sandbox.spi;

import io.cordon.sandbox.HostReport.StrategyReport;
import java.util.List;

/** A way to isolate a program from the host and from its neighbours. Safe for several threads. */
public interface IsolationStrategy extends AutoCloseable {

  /** The strategy's name. */
  String name();

  /**
   * What it can do on this host. The first call probes by really launching a cell; the answer is
   * kept.
   */
  StrategyReport report();

  /** The steps of a launch, one a line, without taking them. */
  List<String> explain(CellSpec spec);

  /**
   * Launches a cell. When this returns, every layer is in force and the program is executing.
   *
   * @throws io.cordon.sandbox.SandboxException if a step fails; nothing is left then
   */
  Cell launch(CellSpec spec);

  /** Kills and removes every cell. */
  @Override
  void close();
}
