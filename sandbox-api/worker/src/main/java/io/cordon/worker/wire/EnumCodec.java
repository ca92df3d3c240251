package io.cordon.worker.wire;

import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;

/** Enums travel by name. */
final class EnumCodec extends Codec {
  private final Class<?> type;
  private final Map<String, Object> constants;

  EnumCodec(Class<?> type) {
    this.type = type;
    this.constants = constantsOf(type);
  }

  static Map<String, Object> constantsOf(Class<?> type) {
    Map<String, Object> constants = new HashMap<>();
    for (Object constant : type.getEnumConstants()) {
      constants.put(((Enum<?>) constant).name(), constant);
    }
    return constants;
  }

  @Override
  void writeValue(ValueOutput out, Object value) throws IOException {
    out.generator.writeString(((Enum<?>) type.cast(value)).name());
  }

  @Override
  Object readValue(ValueInput in) throws IOException {
    if (in.parser.currentToken() != JsonToken.VALUE_STRING) {
      throw in.expected("a constant of " + type.getSimpleName());
    }
    String name = in.parser.getText();
    Object constant = constants.get(name);
    if (constant == null) {
      throw in.wrong(type.getSimpleName() + " has no constant \"" + Where.bounded(name) + "\"");
    }
    return constant;
  }
}
