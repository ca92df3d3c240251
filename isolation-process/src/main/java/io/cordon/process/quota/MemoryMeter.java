package io.cordon.process.quota;

import io.cordon.sandbox.Evidence;
import java.io.IOException;
import java.util.OptionalLong;

/** How much memory one cell has. */
interface MemoryMeter extends AutoCloseable {

  OptionalLong current() throws IOException;

  OptionalLong peak() throws IOException;

  /** How many processes died because the cell met its own limit; not one further out. */
  long kills() throws IOException;

  /** From now on, the cell has another limit to meet. */
  default void limitHasChanged() throws IOException {}

  Evidence evidence();

  @Override
  void close();
}
