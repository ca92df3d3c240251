package io.cordon.worker.wire;

import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.lang.reflect.Array;
import java.util.ArrayList;
import java.util.List;

/** Arrays of anything but bytes. */
final class ArrayCodec extends Codec {
  private final Class<?> componentType;
  private final Codec element;

  ArrayCodec(Class<?> componentType, Codec element) {
    this.componentType = componentType;
    this.element = element;
  }

  @Override
  void writeValue(ValueOutput out, Object value) throws IOException, ValueException {
    out.generator.writeStartArray();
    int length = Array.getLength(value);
    for (int i = 0; i < length; i++) {
      out.element();
      element.write(out, Array.get(value, i));
    }
    out.generator.writeEndArray();
  }

  @Override
  Object readValue(ValueInput in) throws IOException {
    if (in.parser.currentToken() != JsonToken.START_ARRAY) {
      throw in.expected("an array");
    }
    List<Object> elements = new ArrayList<>();
    while (in.parser.nextToken() != JsonToken.END_ARRAY) {
      in.element();
      elements.add(element.read(in));
    }
    Object array = Array.newInstance(componentType, elements.size());
    for (int i = 0; i < elements.size(); i++) {
      Array.set(array, i, elements.get(i));
    }
    return array;
  }
}
