package io.cordon.process.quota;

import io.cordon.process.quota.ApplicationGroup.GroupName;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.StandardOpenOption;
import java.util.Optional;

/** Finds what applications have left that were killed, and removes it. */
final class OrphanGroups {

  private final ProcessTable table;
  private final CgroupVersion version;
  private final GroupRemoval removal;

  OrphanGroups(ProcessTable table, CgroupVersion version, GroupRemoval removal) {
    this.table = table;
    this.version = version;
    this.removal = removal;
  }

  /** Removes those below a group; one that can't be removed is left, and logged. */
  void removeFrom(ControlGroup base) {
    for (ControlGroup group : base.children()) {
      Optional<GroupName> name = GroupName.parse(group.directory().getFileName().toString());
      if (name.isEmpty() || table.alive(name.get().pid(), name.get().startTicks())) {
        continue;
      }
      try {
        removeUnlessLocked(group);
      } catch (IOException e) {
        System.getLogger(OrphanGroups.class.getName())
            .log(Level.WARNING, "what a dead JVM left in " + group.directory() + " stays there", e);
      }
    }
  }

  private void removeUnlessLocked(ControlGroup group) throws IOException {
    // The lock is held until all is removed, so that no two JVMs do it.
    try (FileChannel channel =
        FileChannel.open(group.directory().resolve(version.lockFile()), StandardOpenOption.WRITE)) {
      if (channel.tryLock() != null) {
        removal.destroy(group);
      }
    } catch (OverlappingFileLockException e) {
      // another thread of this JVM is removing it
    }
  }
}
