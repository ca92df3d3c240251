package io.cordon.worker.wire;

import java.lang.reflect.Type;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A Java type whose values are plain data: they are what they hold, and can be copied to the other
 * side of a process boundary. Everything that a value may turn out to be is known from its type
 * alone; a name in the data never decides which class is made.
 *
 * <p>Plain are: primitives and their boxes; {@code String}, {@code BigInteger}, {@code BigDecimal},
 * {@code UUID}, {@code URI}, the values of {@code java.time}, {@code byte[]}; enums; records of
 * plain components; sealed interfaces whose permitted types are records and enums; {@code
 * Optional}s, arrays and {@code List}s, {@code Set}s, {@code Collection}s of plain types; and
 * {@code Map}s whose keys are strings, integers, enums or UUIDs. Records may be recursive and
 * generic, if every type argument is given.
 */
public sealed interface PlainType {

  /** The class of the values; of primitives, the primitive. */
  Class<?> javaType();

  /**
   * The plain type that a Java type stands for.
   *
   * @throws ContractException if it is not plain data; says where in it, and why
   */
  static PlainType of(Type type) throws ContractException {
    return new PlainTypes().of(type, type.getTypeName());
  }

  /** Nothing: the result of a {@code void} method. */
  record Nothing(Class<?> javaType) implements PlainType {}

  /** A value without parts. */
  record Scalar(Class<?> javaType, ScalarKind kind) implements PlainType {}

  /** An enum. */
  record EnumOf(Class<?> javaType) implements PlainType {}

  /** {@code Optional}; the element is never an optional itself. */
  record OptionalOf(Class<?> javaType, PlainType element) implements PlainType {}

  /** An array; {@code byte[]} is a {@link Scalar}. */
  record ArrayOf(Class<?> javaType, PlainType element) implements PlainType {}

  /** A {@code List}, {@code Set} or {@code Collection}. */
  record CollectionOf(Class<?> javaType, PlainType element) implements PlainType {}

  /** A {@code Map}; the key is a {@link Scalar} or an {@link EnumOf}. */
  record MapOf(Class<?> javaType, PlainType key, PlainType value) implements PlainType {}

  /** A record. Compared by identity, since it may hold itself. */
  final class RecordOf implements PlainType {
    private final Class<?> javaType;
    private @Nullable List<Component> components;

    RecordOf(Class<?> javaType) {
      this.javaType = javaType;
    }

    /** Ends the making: a record that holds itself exists before its components do. */
    void complete(List<Component> all) {
      components = List.copyOf(all);
    }

    @Override
    public Class<?> javaType() {
      return javaType;
    }

    /** The components in order. */
    public List<Component> components() {
      if (components == null) {
        throw new IllegalStateException("not complete yet: " + javaType);
      }
      return components;
    }

    @Override
    public String toString() {
      return javaType.getTypeName();
    }
  }

  /** A record's component. */
  record Component(String name, PlainType type) {}

  /** A sealed interface of records and enums. Compared by identity, since it may hold itself. */
  final class SealedOf implements PlainType {
    private final Class<?> javaType;
    private @Nullable List<Alternative> alternatives;

    SealedOf(Class<?> javaType) {
      this.javaType = javaType;
    }

    void complete(List<Alternative> all) {
      alternatives = List.copyOf(all);
    }

    @Override
    public Class<?> javaType() {
      return javaType;
    }

    /** What a value may be. */
    public List<Alternative> alternatives() {
      if (alternatives == null) {
        throw new IllegalStateException("not complete yet: " + javaType);
      }
      return alternatives;
    }

    @Override
    public String toString() {
      return javaType.getTypeName();
    }
  }

  /**
   * One of the types of a sealed interface.
   *
   * @param name the class's simple name, by which the data tells the alternatives apart
   */
  record Alternative(String name, PlainType type) {}
}
