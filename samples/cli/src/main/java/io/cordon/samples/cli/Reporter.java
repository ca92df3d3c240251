package io.cordon.samples.cli;

import io.cordon.sandbox.Outcome;
import java.io.IOException;
import java.io.OutputStream;

/** Tells what came of a task. */
sealed interface Reporter permits TextReporter, JsonReporter {

  /** Where the guest's standard output goes. */
  OutputStream stdout();

  /** Where the guest's standard error goes. */
  OutputStream stderr();

  /** Tells somebody who waits what takes long. */
  void progress(String message);

  /** Tells something beside the outcome. */
  void note(String message);

  /** Tells how the task ended. */
  void ended(Outcome<?> outcome) throws IOException;

  /** Tells why nothing came of it. */
  void failed(Failure failure) throws IOException;
}
