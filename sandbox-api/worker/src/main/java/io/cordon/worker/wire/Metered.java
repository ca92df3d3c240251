package io.cordon.worker.wire;

/** What a worker counts of a script, and ends it for. */
public enum Metered {
  STATEMENTS(1),
  STACK_DEPTH(2);

  private final int code;

  Metered(int code) {
    this.code = code;
  }

  int code() {
    return code;
  }

  static Metered of(int code) throws ProtocolException {
    for (Metered each : values()) {
      if (each.code == code) {
        return each;
      }
    }
    throw new ProtocolException("nothing is metered as " + code);
  }
}
