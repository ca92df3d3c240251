package io.cordon.process.quota;

import java.io.IOException;
import java.util.List;

/**
 * A value for one file of a group.
 *
 * @param file the file's name
 * @param value what is written
 * @param presence whether every kernel has the file
 */
record Setting(String file, String value, Presence presence) {

  enum Presence {
    ALWAYS,
    /** Only where the kernel was built or started so, such as the accounting of swap. */
    WHERE_OFFERED
  }

  static Setting of(String file, Object value) {
    return new Setting(file, String.valueOf(value), Presence.ALWAYS);
  }

  static Setting whereOffered(String file, Object value) {
    return new Setting(file, String.valueOf(value), Presence.WHERE_OFFERED);
  }

  /**
   * Applies settings of one controller. Of two limits that bound each other, the outer one has to
   * be raised first, and lowered last: when the kernel refuses one order, it is the other.
   */
  static void applyAll(List<Setting> settings, ControlGroup group) throws IOException {
    try {
      for (Setting setting : settings) {
        setting.applyTo(group);
      }
    } catch (IOException refusal) {
      if (settings.size() == 1) {
        throw refusal;
      }
      try {
        for (Setting setting : settings.reversed()) {
          setting.applyTo(group);
        }
      } catch (IOException second) {
        refusal.addSuppressed(second);
        throw refusal;
      }
    }
  }

  private void applyTo(ControlGroup group) throws IOException {
    if (presence == Presence.WHERE_OFFERED && !group.has(file)) {
      return;
    }
    group.write(file, value);
  }

  /** Applies it, and makes sure that the kernel has taken it. */
  void proveOn(ControlGroup group) throws IOException {
    applyTo(group);
    if (presence == Presence.ALWAYS) {
      String taken = group.read(file);
      if (!taken.equals(value)) {
        throw new IOException(
            "wrote " + value + " to " + group.directory().resolve(file) + ", read back " + taken);
      }
    }
  }
}
