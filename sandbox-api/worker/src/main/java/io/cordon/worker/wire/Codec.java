package io.cordon.worker.wire;

import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Writes and reads the values of one type, as a part of a larger value or alone. */
abstract class Codec {

  /** Writes a value or null. */
  final void write(ValueOutput out, @Nullable Object value) throws IOException, ValueException {
    if (value == null) {
      writeNull(out);
    } else {
      writeValue(out, value);
    }
  }

  /** Reads the value that begins at the current token; ends at its last. */
  final @Nullable Object read(ValueInput in) throws IOException {
    return in.parser.currentToken() == JsonToken.VALUE_NULL ? absent(in) : readValue(in);
  }

  void writeNull(ValueOutput out) throws IOException, ValueException {
    out.generator.writeNull();
  }

  /** What a null or a missing component stands for. */
  @Nullable Object absent(ValueInput in) throws IOException {
    return null;
  }

  abstract void writeValue(ValueOutput out, Object value) throws IOException, ValueException;

  abstract Object readValue(ValueInput in) throws IOException;
}
