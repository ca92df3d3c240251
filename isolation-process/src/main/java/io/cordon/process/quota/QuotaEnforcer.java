package io.cordon.process.quota;

import io.cordon.policy.SandboxLimits;
import io.cordon.policy.TenantLimits;
import io.cordon.sandbox.Layer;
import io.cordon.sandbox.spi.OuterLimits;
import java.util.List;

/** Holds cells to their memory, cpu and pids. Safe for use by several threads. */
public interface QuotaEnforcer extends AutoCloseable {

  /**
   * {@code cgroup-v2}, {@code cgroup-v1} or {@code rlimit}. With control groups, some of the
   * controllers may still be missing: {@link #layers} tells of each.
   */
  String tier();

  /**
   * The layers {@code cgroup-memory}, {@code cgroup-cpu} and {@code cgroup-pids}, and those of
   * {@link io.cordon.sandbox.spi.LimitLayer}.
   */
  List<Layer> layers();

  /** What the groups that this application is in, and those around them, leave to all cells. */
  OuterLimits outerLimits();

  /** Whether the kernel's own limit on a user's processes has to hold {@code pids.max}. */
  boolean needsProcessLimit();

  /**
   * Makes the place that a cell's first process will join, with its limits in force.
   *
   * @param tenant whose cell it is: {@code [-a-z0-9]{1,63}}
   * @param cell its name, unique among the tenant's cells of this enforcer: {@code [-a-z0-9]{1,63}}
   * @param total what all cells of the tenant may use together, unless {@link #limit} has said it
   * @throws io.cordon.sandbox.SandboxException if that can't be made; nothing is left then
   */
  CellQuota open(String tenant, String cell, SandboxLimits limits, TenantLimits total);

  /** The same for a tenant that has no limits as a whole. */
  default CellQuota open(String tenant, String cell, SandboxLimits limits) {
    return open(tenant, cell, limits, TenantLimits.NONE);
  }

  /**
   * Holds all cells of a tenant to another total, at once; from now on this is what counts,
   * whatever {@link #open} is told. Not called by two threads at once for one tenant.
   *
   * @throws io.cordon.sandbox.SandboxException if some of it is not possible now; the rest of it is
   *     in force, and the next cell that is opened tries it again, or is refused
   */
  void limit(String tenant, TenantLimits total);

  /**
   * Removes what this application made; cells that are still open are killed and closed.
   *
   * @throws io.cordon.sandbox.SandboxException if something stays behind
   */
  @Override
  void close();
}
