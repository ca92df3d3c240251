package io.cordon.process;

import io.cordon.sandbox.spi.Cell;
import java.util.Collection;

/**
 * Kills and closes cells, each of them whatever becomes of the others: the first failure is thrown,
 * with the rest.
 */
public record CloseAll(Collection<? extends Cell> cells) implements Runnable {
  @Override
  public void run() {
    cells.forEach(Cell::kill); // all of them, before waiting for the first
    RuntimeException failure = null;
    for (Cell cell : cells) {
      try {
        cell.close();
      } catch (RuntimeException e) {
        if (failure == null) {
          failure = e;
        } else {
          failure.addSuppressed(e);
        }
      }
    }
    if (failure != null) {
      throw failure;
    }
  }
}
