package io.cordon.policy;

import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * Limits of each script. What runs it counts, within the sandbox: they end a script that is too
 * long or too deep soon and by name, and do not replace the limits that the kernel holds.
 *
 * @param statements {@code statements}: how many statements it may execute, if that is limited
 * @param stackDepth {@code stack.depth}: how many of its functions may be under way at once, if
 *     that is limited
 */
public record ScriptLimits(OptionalLong statements, OptionalInt stackDepth) {

  /** Nothing is counted. */
  public static final ScriptLimits NONE =
      new ScriptLimits(OptionalLong.empty(), OptionalInt.empty());
}
