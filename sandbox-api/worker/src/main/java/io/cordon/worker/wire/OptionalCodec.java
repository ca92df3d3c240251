package io.cordon.worker.wire;

import java.io.IOException;
import java.util.Optional;

/** An optional travels as what is in it, or as null. */
final class OptionalCodec extends Codec {
  private final Codec element;

  OptionalCodec(Codec element) {
    this.element = element;
  }

  @Override
  void writeValue(ValueOutput out, Object value) throws IOException, ValueException {
    Object inside = ((Optional<?>) value).orElse(null);
    if (inside == null) {
      out.generator.writeNull();
    } else {
      element.writeValue(out, inside);
    }
  }

  @Override
  Object absent(ValueInput in) {
    return Optional.empty();
  }

  @Override
  Object readValue(ValueInput in) throws IOException {
    return Optional.of(element.readValue(in));
  }
}
