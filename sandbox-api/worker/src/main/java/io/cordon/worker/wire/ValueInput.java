package io.cordon.worker.wire;

import com.fasterxml.jackson.core.JsonParser;

/** A value being read, and what it may still hold. */
final class ValueInput {
  final JsonParser parser;
  final WireLimits limits;
  private int elements;

  ValueInput(JsonParser parser, WireLimits limits) {
    this.parser = parser;
    this.limits = limits;
  }

  /** Counts one more element of a collection, map or array. */
  void element() throws ProtocolException {
    if (++elements > limits.elements()) {
      throw wrong("more than " + limits.elements() + " elements");
    }
  }

  ProtocolException expected(String what) {
    return wrong("expected " + what + ", not " + parser.currentToken());
  }

  ProtocolException wrong(String reason) {
    return new ProtocolException(Where.of(parser.getParsingContext()) + reason);
  }
}
