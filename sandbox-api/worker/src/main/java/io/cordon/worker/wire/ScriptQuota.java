package io.cordon.worker.wire;

/**
 * How much of what is {@link Metered} a script may have.
 *
 * @param statements {@link Long#MAX_VALUE} if they are not to be counted
 * @param stackDepth {@link Integer#MAX_VALUE} if it is not to be counted
 */
public record ScriptQuota(long statements, int stackDepth) {

  /** Nothing is counted. */
  public static final ScriptQuota NONE = new ScriptQuota(Long.MAX_VALUE, Integer.MAX_VALUE);

  /** Whether a script may have too much of this. */
  public boolean limits(Metered metered) {
    return switch (metered) {
      case STATEMENTS -> statements != NONE.statements;
      case STACK_DEPTH -> stackDepth != NONE.stackDepth;
    };
  }
}
