package io.cordon.worker.wire;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.lang.reflect.Array;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.net.URI;
import java.time.temporal.TemporalAccessor;
import java.time.temporal.TemporalAmount;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Writes plain data whose type nobody declared, as what it turns out to be. For scripts, which know
 * one kind of number: an integer that this can't hold exactly is refused rather than changed.
 */
final class RuntimeTypeWriter {
  /** {@code Number.MAX_SAFE_INTEGER} of ECMAScript. */
  private static final long LARGEST_EXACT = (1L << 53) - 1;

  private final ClassValue<RecordShape> records =
      new ClassValue<>() {
        @Override
        protected RecordShape computeValue(Class<?> type) {
          return new RecordShape(type);
        }
      };

  void write(ValueOutput out, @Nullable Object value) throws IOException, ValueException {
    JsonGenerator to = out.generator;
    switch (value) {
      case null -> to.writeNull();
      case Boolean b -> to.writeBoolean(b);
      case String s -> to.writeString(s);
      case Character c -> to.writeString(c.toString());
      case Integer i -> to.writeNumber(i);
      case Short s -> to.writeNumber(s);
      case Byte b -> to.writeNumber(b);
      case Long l -> to.writeNumber(exact(out, l));
      case BigInteger b -> {
        if (b.bitLength() > Long.SIZE - 1) {
          throw inexact(out);
        }
        to.writeNumber(exact(out, b.longValue()));
      }
      case Float f -> to.writeNumber(finite(out, f));
      case Double d -> to.writeNumber(finite(out, d));
      case BigDecimal d -> to.writeNumber(ScalarCodec.checked(out, d));
      case Enum<?> e -> to.writeString(e.name());
      case byte[] bytes -> to.writeBinary(bytes);
      case UUID uuid -> to.writeString(uuid.toString());
      case URI uri -> to.writeString(uri.toString());
      case TemporalAccessor time -> to.writeString(time.toString());
      case TemporalAmount time -> to.writeString(time.toString());
      case Optional<?> optional -> write(out, optional.orElse(null));
      case Map<?, ?> map -> writeMap(out, map);
      case Collection<?> elements -> {
        to.writeStartArray();
        for (Object element : elements) {
          out.element();
          write(out, element);
        }
        to.writeEndArray();
      }
      case Record record -> {
        to.writeStartObject();
        records.get(record.getClass()).write(this, out, record);
        to.writeEndObject();
      }
      case Object array when array.getClass().isArray() -> {
        to.writeStartArray();
        int length = Array.getLength(array);
        for (int i = 0; i < length; i++) {
          out.element();
          write(out, Array.get(array, i));
        }
        to.writeEndArray();
      }
      default -> throw out.wrong(value.getClass().getTypeName() + " is not plain data");
    }
  }

  private void writeMap(ValueOutput out, Map<?, ?> map) throws IOException, ValueException {
    out.generator.writeStartObject();
    for (Map.Entry<?, ?> entry : map.entrySet()) {
      out.element();
      out.generator.writeFieldName(name(out, entry.getKey()));
      write(out, entry.getValue());
    }
    out.generator.writeEndObject();
  }

  private static String name(ValueOutput out, @Nullable Object key) throws ValueException {
    return switch (key) {
      case String s -> s;
      case Enum<?> e -> e.name();
      case Integer i -> i.toString();
      case Long l -> l.toString();
      case Short s -> s.toString();
      case Byte b -> b.toString();
      case BigInteger b -> ScalarCodec.checked(out, b).toString();
      case UUID uuid -> uuid.toString();
      case null -> throw out.wrong("null is no key");
      default -> throw out.wrong(key.getClass().getTypeName() + " can't be a key");
    };
  }

  private static long exact(ValueOutput out, long value) throws ValueException {
    if (value > LARGEST_EXACT || value < -LARGEST_EXACT) {
      throw inexact(out);
    }
    return value;
  }

  private static ValueException inexact(ValueOutput out) {
    return out.wrong("a script can't hold so large an integer exactly: bind it as text");
  }

  private static double finite(ValueOutput out, double value) throws ValueException {
    if (!Double.isFinite(value)) {
      throw out.wrong(value + " can't be written as JSON");
    }
    return value;
  }
}
