package io.cordon.process;

import io.cordon.process.identity.TenantIdentity;
import io.cordon.process.quota.QuotaEnforcer;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalInt;

/**
 * Where a cell is put on the host.
 *
 * @param joinFiles files that the launcher writes 0 to, to be counted
 * @param uid the user, and group, that root becomes; empty for a JVM that isn't root
 * @param limitsProcesses whether the kernel's own limit on a user's processes has to hold pids.max
 */
record Placement(List<Path> joinFiles, OptionalInt uid, boolean limitsProcesses) {

  Placement {
    joinFiles = List.copyOf(joinFiles);
  }

  static Placement of(
      Host host, TenantIdentity identity, List<Path> joinFiles, QuotaEnforcer quotas) {
    return new Placement(
        joinFiles,
        host.root() ? OptionalInt.of(identity.uid()) : OptionalInt.empty(),
        quotas.needsProcessLimit());
  }
}
