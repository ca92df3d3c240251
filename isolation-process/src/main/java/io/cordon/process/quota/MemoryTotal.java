package io.cordon.process.quota;

import io.cordon.sandbox.Evidence;
import java.io.IOException;
import java.util.OptionalLong;

/** What befell a cell for the memory of all of its tenant's cells together. */
interface MemoryTotal extends AutoCloseable {
  /** How many of the cell's processes died because the tenant as a whole met its limit. */
  long kills() throws IOException;

  /** The most bytes that the tenant's cells had at once. */
  OptionalLong peak() throws IOException;

  Evidence evidence();

  @Override
  void close();
}
