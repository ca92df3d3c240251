package io.cordon.engine.admission;

/**
 * A task that wants to begin. It is told once, unless it has withdrawn before; by a thread that
 * holds no lock and has other things to do, so it neither waits nor throws.
 */
public interface Entrant {

  /** It may begin; {@link Admission#leave} follows. */
  void admitted();

  /** It may not. */
  void refused(Refusal why);
}
