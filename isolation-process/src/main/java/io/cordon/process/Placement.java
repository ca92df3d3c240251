package io.cordon.process;

import io.cordon.process.identity.TenantIdentity;
import io.cordon.process.kernel.CloneFlag;
import io.cordon.process.quota.QuotaEnforcer;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Where a cell is put.
 *
 * @param joinFiles files that the launcher writes 0 to, to be counted
 * @param birthGroup the group's directory, where a process can be made in it in the first place
 * @param uid the user, and group, that root becomes; empty for a JVM that isn't root
 * @param limitsProcesses whether the kernel's own limit on a user's processes has to hold pids.max
 * @param namespaces the namespaces that it gets
 * @param scratch a directory with a {@code work} and a {@code tmp} in it for the cell to write to;
 *     empty if it is to have a sized file system of its own
 */
record Placement(
    List<Path> joinFiles,
    Optional<Path> birthGroup,
    OptionalInt uid,
    boolean limitsProcesses,
    List<CloneFlag> namespaces,
    Optional<Path> scratch) {

  Placement {
    joinFiles = List.copyOf(joinFiles);
    namespaces = List.copyOf(namespaces);
  }

  /** On the host, where a cell shares nothing. */
  Placement(
      List<Path> joinFiles, Optional<Path> birthGroup, OptionalInt uid, boolean limitsProcesses) {
    this(joinFiles, birthGroup, uid, limitsProcesses, Launcher.NAMESPACES, Optional.empty());
  }

  /** On the host, in no group. */
  Placement(OptionalInt uid, boolean limitsProcesses) {
    this(List.of(), Optional.empty(), uid, limitsProcesses);
  }

  static Placement of(
      Host host,
      TenantIdentity identity,
      List<Path> joinFiles,
      Optional<Path> birthGroup,
      QuotaEnforcer quotas) {
    return new Placement(
        joinFiles,
        birthGroup,
        host.root() ? OptionalInt.of(identity.uid()) : OptionalInt.empty(),
        quotas.needsProcessLimit());
  }
}
