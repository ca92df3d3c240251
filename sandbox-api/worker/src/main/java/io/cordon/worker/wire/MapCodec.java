package io.cordon.worker.wire;

import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/** Maps travel as objects. */
final class MapCodec extends Codec {
  private final MapKeys keys;
  private final Codec value;

  MapCodec(MapKeys keys, Codec value) {
    this.keys = keys;
    this.value = value;
  }

  @Override
  void writeValue(ValueOutput out, Object map) throws IOException, ValueException {
    out.generator.writeStartObject();
    for (Map.Entry<?, ?> entry : ((Map<?, ?>) map).entrySet()) {
      Object key = entry.getKey();
      if (key == null) {
        throw out.wrong("null is no key");
      }
      out.element();
      out.generator.writeFieldName(keys.name(out, key));
      value.write(out, entry.getValue());
    }
    out.generator.writeEndObject();
  }

  @Override
  Object readValue(ValueInput in) throws IOException {
    if (in.parser.currentToken() != JsonToken.START_OBJECT) {
      throw in.expected("an object");
    }
    LinkedHashMap<Object, Object> map = new LinkedHashMap<>();
    for (String name = in.parser.nextFieldName(); name != null; name = in.parser.nextFieldName()) {
      in.element();
      Object key = keys.key(in, name);
      if (map.containsKey(key)) {
        throw in.wrong("the map has a key twice");
      }
      in.parser.nextToken();
      map.put(key, value.read(in));
    }
    return Collections.unmodifiableSequencedMap(map);
  }
}
