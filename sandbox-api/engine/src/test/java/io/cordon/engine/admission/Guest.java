package io.cordon.engine.admission;

import io.cordon.sandbox.ErrorCode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Wants to come in, and remembers what it was told. */
final class Guest implements Entrant {
  private final String name;
  private final List<String> order;
  private boolean inside;
  private @Nullable Refusal refusal;

  /** One that notes its name when it is admitted. */
  Guest(String name, List<String> order) {
    this.name = name;
    this.order = order;
  }

  Guest() {
    this("", new ArrayList<>());
  }

  @Override
  public synchronized void admitted() {
    requireUntold();
    inside = true;
    order.add(name);
  }

  @Override
  public synchronized void refused(Refusal why) {
    requireUntold();
    refusal = why;
  }

  private void requireUntold() {
    if (inside || refusal != null) {
      throw new AssertionError(name + " was told twice");
    }
  }

  synchronized boolean isInside() {
    return inside;
  }

  synchronized boolean waits() {
    return !inside && refusal == null;
  }

  synchronized Optional<Refusal> refusal() {
    return Optional.ofNullable(refusal);
  }

  Optional<ErrorCode> code() {
    return refusal().map(Refusal::code);
  }
}
