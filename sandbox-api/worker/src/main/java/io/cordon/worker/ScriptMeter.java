package io.cordon.worker;

import com.oracle.truffle.api.CompilerDirectives.TruffleBoundary;
import com.oracle.truffle.api.frame.VirtualFrame;
import com.oracle.truffle.api.instrumentation.EventBinding;
import com.oracle.truffle.api.instrumentation.ExecutionEventNode;
import com.oracle.truffle.api.instrumentation.ExecutionEventNodeFactory;
import com.oracle.truffle.api.instrumentation.SourceSectionFilter;
import com.oracle.truffle.api.instrumentation.StandardTags.RootTag;
import com.oracle.truffle.api.instrumentation.StandardTags.StatementTag;
import com.oracle.truffle.api.instrumentation.Tag;
import com.oracle.truffle.api.instrumentation.TruffleInstrument;
import com.oracle.truffle.api.nodes.Node;
import io.cordon.worker.wire.Metered;
import io.cordon.worker.wire.ScriptQuota;
import org.jspecify.annotations.Nullable;

/**
 * Counts what a script executes, and ends it where that is too much: with an exception that no
 * script can catch. One script runs at a time, on one thread; what its functions are inside of it
 * is counted, what the worker adds to it is not.
 *
 * <p>Polyglot's own statement limit stays with an engine for good, and there is none for the stack.
 */
public final class ScriptMeter extends TruffleInstrument {
  static final String ID = "cordon-meter";

  private @Nullable Env env;
  private @Nullable EventBinding<?> statements;
  private @Nullable EventBinding<?> stack;

  private long statementsLeft;
  private long depthLeft;
  private @Nullable Metered met;

  /** For {@link ScriptMeterProvider}. */
  ScriptMeter() {}

  @Override
  protected void onCreate(Env created) {
    env = created;
    created.registerService(this);
  }

  /** Counts anew, for the next script. What isn't limited isn't counted, and costs nothing. */
  void begin(ScriptQuota quota) {
    statementsLeft = quota.statements();
    depthLeft = quota.stackDepth() + 1L; // the script itself is no function
    met = null;
    statements =
        counting(
            statements,
            quota.limits(Metered.STATEMENTS),
            StatementTag.class,
            context -> new StatementCounter());
    stack =
        counting(
            stack, quota.limits(Metered.STACK_DEPTH), RootTag.class, context -> new StackCounter());
  }

  /** What the script was ended for, if it was. */
  @Nullable Metered met() {
    return met;
  }

  private @Nullable EventBinding<?> counting(
      @Nullable EventBinding<?> before,
      boolean wanted,
      Class<? extends Tag> what,
      ExecutionEventNodeFactory counter) {
    if (before != null && !wanted) {
      before.dispose();
      return null;
    }
    if (before == null && wanted && env != null) {
      SourceSectionFilter scripts =
          SourceSectionFilter.newBuilder().tagIs(what).includeInternal(false).build();
      return env.getInstrumenter().attachExecutionEventFactory(scripts, counter);
    }
    return before;
  }

  @TruffleBoundary
  private void end(Metered reason, Node where) {
    met = reason;
    if (env != null && env.getEnteredContext() != null) {
      env.getEnteredContext().closeResourceExhausted(where, "too many: " + reason);
    }
  }

  private final class StatementCounter extends ExecutionEventNode {
    @Override
    protected void onEnter(VirtualFrame frame) {
      if (--statementsLeft < 0) {
        end(Metered.STATEMENTS, this);
      }
    }
  }

  private final class StackCounter extends ExecutionEventNode {
    @Override
    protected void onEnter(VirtualFrame frame) {
      if (--depthLeft < 0) {
        end(Metered.STACK_DEPTH, this);
      }
    }

    @Override
    protected void onReturnValue(VirtualFrame frame, @Nullable Object result) {
      depthLeft++;
    }

    @Override
    protected void onReturnExceptional(VirtualFrame frame, Throwable thrown) {
      depthLeft++;
    }

    @Override
    protected void onYield(VirtualFrame frame, @Nullable Object value) {
      depthLeft++;
    }

    @Override
    protected void onResume(VirtualFrame frame) {
      onEnter(frame);
    }
  }
}
