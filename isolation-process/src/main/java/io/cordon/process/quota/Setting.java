package io.cordon.process.quota;

import java.io.IOException;

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

  void applyTo(ControlGroup group) throws IOException {
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
