package io.cordon.process.quota;

import io.cordon.sandbox.Evidence;
import java.io.IOException;

/** How many processes and threads one cell has. */
interface PidsMeter extends AutoCloseable {

  long current() throws IOException;

  long denied() throws IOException;

  Evidence evidence();

  @Override
  void close();
}
