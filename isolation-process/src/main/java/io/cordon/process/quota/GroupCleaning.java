package io.cordon.process.quota;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.time.Duration;

/** Removes groups, with the patience that takes. */
final class GroupCleaning {
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  private final ProcessTable table;
  private final ProcessSignals signals;

  GroupCleaning(ProcessTable table, ProcessSignals signals) {
    this.table = table;
    this.signals = signals;
  }

  OrphanGroups of(CgroupVersion version) {
    return new OrphanGroups(table, version, removal(version));
  }

  GroupRemoval removal(CgroupVersion version) {
    return new GroupRemoval(version, signals, PATIENCE);
  }

  /** Removes what turned out to be of no use. */
  void discard(ApplicationGroup group, CgroupVersion version) {
    try {
      group.destroy(removal(version));
    } catch (IOException e) {
      System.getLogger(GroupCleaning.class.getName())
          .log(Level.WARNING, group.group().directory() + " stays there", e);
    }
  }
}
