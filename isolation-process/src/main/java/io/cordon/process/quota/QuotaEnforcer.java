package io.cordon.process.quota;

import io.cordon.policy.SandboxLimits;
import io.cordon.sandbox.Layer;
import java.util.List;

/** Holds cells to their memory, cpu and pids. Safe for use by several threads. */
public interface QuotaEnforcer extends AutoCloseable {

  /** {@code cgroup-v2}, {@code cgroup-v1} or {@code rlimit}. */
  String tier();

  /** The layers {@code cgroup-memory}, {@code cgroup-cpu} and {@code cgroup-pids}. */
  List<Layer> layers();

  /**
   * Makes the place that a cell's first process will join.
   *
   * @throws io.cordon.sandbox.SandboxException if that can't be made; nothing is left then
   */
  CellQuota open(String tenant, String cell, SandboxLimits limits);

  /** Removes what this application made. */
  @Override
  void close();
}
