package io.cordon.worker.sample;

import java.time.Instant;
import java.util.List;

/** What comes out. */
public record Greeting(Tone tone, List<String> words, double warmth, Instant at) {
  /** How it sounds. */
  public enum Tone {
    WARM,
    COOL
  }
}
