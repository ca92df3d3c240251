package io.cordon.engine.admission;

/** Stands for an {@link Entrant} that may have to wait. */
@FunctionalInterface
public interface Ticket {

  /** It does not want to begin any more. Returns false if it was told already, or is just being. */
  boolean withdraw();
}
