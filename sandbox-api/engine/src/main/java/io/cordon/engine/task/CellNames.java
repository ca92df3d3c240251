package io.cordon.engine.task;

import java.util.concurrent.atomic.AtomicLong;

/** Names for cells; no two of one application are alike. */
public final class CellNames {
  private final AtomicLong last = new AtomicLong();

  /** A new name for what is of this kind: a few small letters. */
  public String next(String kind) {
    return kind + "-" + last.incrementAndGet();
  }
}
