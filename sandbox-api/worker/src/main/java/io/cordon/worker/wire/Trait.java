package io.cordon.worker.wire;

/**
 * What a plugin's bytecode shows that it can do beyond plain Java. Reading it can be fooled, by
 * reflection for one: a trait that is there may raise an isolation, one that isn't lowers none.
 */
public enum Trait {
  /** Native methods, libraries that are loaded, or such files in a jar: the JNI. */
  NATIVE(0x01, "native code (JNI)"),
  /** The foreign function and memory interface. */
  FOREIGN(0x02, "foreign functions or memory"),
  /** {@code sun.misc.Unsafe} or the JDK's own. */
  UNSAFE(0x04, "Unsafe"),
  /** It instruments classes, or attaches to JVMs. */
  AGENT(0x08, "agents"),
  /** It starts processes. */
  PROCESSES(0x10, "processes that it starts"),
  /** Some of it could not be read, and may be anything. */
  UNREADABLE(0x20, "classes that can't be read");

  private final int bit;
  private final String words;

  Trait(int bit, String words) {
    this.bit = bit;
    this.words = words;
  }

  /** Its bit on the wire. */
  int bit() {
    return bit;
  }

  /** What it is, in words that follow "uses". */
  public String words() {
    return words;
  }
}
