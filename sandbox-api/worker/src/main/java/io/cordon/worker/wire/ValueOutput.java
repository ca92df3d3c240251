package io.cordon.worker.wire;

import com.fasterxml.jackson.core.JsonGenerator;

/** A value being written, and what it may still hold. */
final class ValueOutput {
  final JsonGenerator generator;
  final WireLimits limits;
  private int elements;

  ValueOutput(JsonGenerator generator, WireLimits limits) {
    this.generator = generator;
    this.limits = limits;
  }

  /** Counts one more element of a collection, map or array. */
  void element() throws ValueException {
    if (++elements > limits.elements()) {
      throw wrong("more than " + limits.elements() + " elements");
    }
  }

  ValueException wrong(String reason) {
    return new ValueException(Where.next(generator.getOutputContext()) + reason);
  }
}
