package io.cordon.harness;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** Waits for what must come, by looking again and again; how long it takes decides nothing. */
public final class Eventually {

  private Eventually() {}

  /** Fails if something has not come true in a time that is ample. */
  public static void within(Duration ample, BooleanSupplier condition, String what) {
    long deadline = System.nanoTime() + ample.toNanos();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() > deadline) {
        throw new AssertionError("not within " + ample + ": " + what);
      }
      LockSupport.parkNanos(Duration.ofMillis(5).toNanos());
    }
  }
}
