package io.cordon.worker;

import io.cordon.worker.wire.ToWorker;
import java.io.Closeable;
import java.io.IOException;

/** What a worker does with messages: one kind of guest each. */
interface Guest extends Closeable {

  /**
   * Does what a message says, and answers it.
   *
   * @throws IOException if the host can't be answered
   */
  void accept(ToWorker message) throws IOException;
}
