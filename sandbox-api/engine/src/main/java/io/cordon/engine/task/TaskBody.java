package io.cordon.engine.task;

import io.cordon.engine.supervision.RunningTask;
import io.cordon.sandbox.Outcome;
import io.cordon.sandbox.spi.IsolationStrategy;

/**
 * What one kind of task does between its admission and its outcome.
 *
 * @param <T> the type of the task's value
 */
@FunctionalInterface
public interface TaskBody<T> {

  /**
   * Gets a cell, runs the task in it, and says how it ended; nothing of it is left then.
   *
   * @throws io.cordon.sandbox.SandboxException if it could not be run
   */
  Outcome<T> run(RunningTask task, IsolationStrategy strategy);
}
