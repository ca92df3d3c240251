package io.cordon.sandbox.spi;

import io.cordon.policy.TenantLimits;
import io.cordon.sandbox.HostReport.StrategyReport;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** A way to isolate a program from the host and from its neighbours. Safe for several threads. */
public interface IsolationStrategy extends AutoCloseable {

  /** The strategy's name. */
  String name();

  /**
   * What it can do on this host. The first call probes by really launching a cell; the answer is
   * kept.
   */
  StrategyReport report();

  /**
   * The steps of a launch, one a line, without taking them. May make first what the steps depend
   * on, such as the root image of a micro-VM.
   */
  List<String> explain(CellSpec spec);

  /** What this application's own groups let all cells have, as it is now. */
  default OuterLimits outerLimits() {
    return OuterLimits.NONE;
  }

  /**
   * Makes what such a cell is launched from, where that is made once and takes long: an image, a
   * template. A launch does without having been prepared, and takes as much longer.
   *
   * @return completes when it is made, at once if it was; fails as the launch would
   */
  default CompletableFuture<Void> prepare(CellSpec spec) {
    return CompletableFuture.completedFuture(null);
  }

  /**
   * Whether a {@linkplain CellSpec.Program.Jvm#startupCache start-up cache} is of any use to it.
   */
  default boolean usesStartupCaches() {
    return true;
  }

  /**
   * Launches a cell. When this returns, every layer is in force and the program is executing.
   *
   * @throws io.cordon.sandbox.SandboxException if a step fails; nothing is left then
   */
  Cell launch(CellSpec spec);

  /**
   * Holds all cells of a tenant to another total, at once. What is said here holds from now on,
   * whatever a {@linkplain CellSpec#tenantLimits launch} says that was planned before. Not called
   * by two threads at once.
   *
   * @throws io.cordon.sandbox.SandboxException if that is not possible now, such as for {@link
   *     io.cordon.sandbox.ErrorCode#LIMIT_IN_USE}; it is tried again with each launch of a cell of
   *     the tenant, which fails if it still is not
   */
  default void limit(String tenant, TenantLimits total) {}

  /** Kills and removes every cell. */
  @Override
  void close();
}
