package io.cordon.worker.wire;

import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;

/**
 * A value of a sealed interface travels as an object with one field, named after its type. Only the
 * names that the interface permits mean anything.
 */
final class SealedCodec extends Codec {
  private record Alternative(String name, Codec codec) {}

  private final Class<?> type;
  private final Map<Class<?>, Alternative> byClass = new HashMap<>();
  private final Map<String, Alternative> byName = new HashMap<>();

  SealedCodec(Class<?> type) {
    this.type = type;
  }

  void add(PlainType.Alternative alternative, Codec codec) {
    Alternative added = new Alternative(alternative.name(), codec);
    byClass.put(alternative.type().javaType(), added);
    byName.put(added.name(), added);
  }

  @Override
  void writeValue(ValueOutput out, Object value) throws IOException, ValueException {
    Class<?> valueType =
        value instanceof Enum<?> constant ? constant.getDeclaringClass() : value.getClass();
    Alternative alternative = byClass.get(valueType);
    if (alternative == null) {
      throw out.wrong(valueType.getTypeName() + " is not permitted by " + type.getTypeName());
    }
    out.generator.writeStartObject();
    out.generator.writeFieldName(alternative.name());
    alternative.codec().writeValue(out, value);
    out.generator.writeEndObject();
  }

  @Override
  Object readValue(ValueInput in) throws IOException {
    if (in.parser.currentToken() != JsonToken.START_OBJECT) {
      throw in.expected("an object for " + type.getSimpleName());
    }
    String name = in.parser.nextFieldName();
    Alternative alternative = name == null ? null : byName.get(name);
    if (alternative == null) {
      throw in.wrong("expected the name of one of the types of " + type.getSimpleName());
    }
    if (in.parser.nextToken() == JsonToken.VALUE_NULL) {
      throw in.wrong("expected a value");
    }
    Object value = alternative.codec().readValue(in);
    if (in.parser.nextToken() != JsonToken.END_OBJECT) {
      throw in.wrong("a " + type.getSimpleName() + " of more than one type");
    }
    return value;
  }
}
