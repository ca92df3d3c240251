package io.cordon.sandbox.spi;

import java.util.OptionalLong;

/**
 * What the groups that an application is in leave to all that it runs; empty where nothing is said.
 *
 * @param cpuMillis thousandths of a core
 * @param memoryBytes bytes
 * @param pids processes and threads together
 */
public record OuterLimits(OptionalLong cpuMillis, OptionalLong memoryBytes, OptionalLong pids) {

  /** Nothing is known of any. */
  public static final OuterLimits NONE =
      new OuterLimits(OptionalLong.empty(), OptionalLong.empty(), OptionalLong.empty());
}
