package io.cordon.process.quota;

import io.cordon.sandbox.Evidence;
import java.io.IOException;

/** What befell a cell for the processes of all of its tenant's cells together. */
interface PidsTotal extends AutoCloseable {
  /** How often a process was denied because the tenant had too many. */
  long deniedForTenant() throws IOException;

  Evidence evidence();

  @Override
  void close();
}
