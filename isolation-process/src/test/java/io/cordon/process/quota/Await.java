package io.cordon.process.quota;

import java.time.Duration;
import java.util.function.BooleanSupplier;

/** Waits for what must come about; how long that takes decides nothing. */
final class Await {
  private static final Duration FOR_EVER = Duration.ofSeconds(60);

  private Await() {}

  static void until(String what, BooleanSupplier condition) throws InterruptedException {
    long deadline = System.nanoTime() + FOR_EVER.toNanos();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() > deadline) {
        throw new AssertionError("never came about: " + what);
      }
      Thread.sleep(2);
    }
  }
}
