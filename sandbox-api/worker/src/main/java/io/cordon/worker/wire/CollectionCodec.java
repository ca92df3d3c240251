package io.cordon.worker.wire;

import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.Set;

/** Lists and sets travel as arrays. */
abstract class CollectionCodec extends Codec {
  private final Codec element;

  private CollectionCodec(Codec element) {
    this.element = element;
  }

  static CollectionCodec of(PlainType.CollectionOf type, Codec element) {
    if (!Set.class.isAssignableFrom(type.javaType())) {
      return new Lists(element);
    }
    boolean ordered =
        type.element() instanceof PlainType.EnumOf
            || (type.element() instanceof PlainType.Scalar scalar && scalar.kind().isKey());
    return new Sets(element, ordered);
  }

  @Override
  void writeValue(ValueOutput out, Object value) throws IOException, ValueException {
    out.generator.writeStartArray();
    for (Object each : (Collection<?>) value) {
      out.element();
      element.write(out, each);
    }
    out.generator.writeEndArray();
  }

  /** Reads the elements into an empty collection. */
  void readInto(Collection<Object> elements, int most, ValueInput in) throws IOException {
    if (in.parser.currentToken() != JsonToken.START_ARRAY) {
      throw in.expected("an array");
    }
    while (in.parser.nextToken() != JsonToken.END_ARRAY) {
      in.element();
      if (elements.size() == most) {
        throw in.wrong("more than " + most + " elements in a set of such");
      }
      if (!elements.add(element.read(in))) {
        throw in.wrong("the set has an element twice");
      }
    }
  }

  private static final class Lists extends CollectionCodec {
    Lists(Codec element) {
      super(element);
    }

    @Override
    Object readValue(ValueInput in) throws IOException {
      ArrayList<Object> elements = new ArrayList<>();
      readInto(elements, Integer.MAX_VALUE, in);
      return Collections.unmodifiableList(elements);
    }
  }

  private static final class Sets extends CollectionCodec {
    /** Whether a hash table keeps the elements in order where their hashes collide. */
    private final boolean ordered;

    Sets(Codec element, boolean ordered) {
      super(element);
      this.ordered = ordered;
    }

    @Override
    Object readValue(ValueInput in) throws IOException {
      LinkedHashSet<Object> elements = new LinkedHashSet<>();
      readInto(elements, ordered ? Integer.MAX_VALUE : in.limits.hashedRecords(), in);
      return Collections.unmodifiableSequencedSet(elements);
    }
  }
}
