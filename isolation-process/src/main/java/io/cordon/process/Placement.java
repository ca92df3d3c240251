package io.cordon.process;

import java.nio.file.Path;
import java.util.List;
import java.util.OptionalInt;

/**
 * Where a cell is put on the host.
 *
 * @param joinFiles files that the launcher writes 0 to, to be counted
 * @param uid the user that root becomes; empty for a JVM that isn't root
 * @param limitsProcesses whether the kernel's own limit on a user's processes has to hold pids.max
 */
record Placement(List<Path> joinFiles, OptionalInt uid, boolean limitsProcesses) {

  Placement {
    joinFiles = List.copyOf(joinFiles);
  }
}
