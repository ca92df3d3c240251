package io.cordon.worker.wire;

import java.lang.reflect.GenericArrayType;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.lang.reflect.TypeVariable;
import java.lang.reflect.WildcardType;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.MonthDay;
import java.time.OffsetDateTime;
import java.time.OffsetTime;
import java.time.Period;
import java.time.Year;
import java.time.YearMonth;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.SequencedCollection;
import java.util.SequencedMap;
import java.util.SequencedSet;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Works out which plain type a Java type stands for. Remembers what it has seen: one per use. */
final class PlainTypes {
  private static final int MOST_TYPES = 1000;

  /** A generic record can name ever larger versions of itself. */
  private static final int DEEPEST = 50;

  private static final Map<Class<?>, ScalarKind> SCALARS =
      Map.ofEntries(
          Map.entry(boolean.class, ScalarKind.BOOLEAN),
          Map.entry(Boolean.class, ScalarKind.BOOLEAN),
          Map.entry(byte.class, ScalarKind.BYTE),
          Map.entry(Byte.class, ScalarKind.BYTE),
          Map.entry(short.class, ScalarKind.SHORT),
          Map.entry(Short.class, ScalarKind.SHORT),
          Map.entry(char.class, ScalarKind.CHAR),
          Map.entry(Character.class, ScalarKind.CHAR),
          Map.entry(int.class, ScalarKind.INT),
          Map.entry(Integer.class, ScalarKind.INT),
          Map.entry(long.class, ScalarKind.LONG),
          Map.entry(Long.class, ScalarKind.LONG),
          Map.entry(float.class, ScalarKind.FLOAT),
          Map.entry(Float.class, ScalarKind.FLOAT),
          Map.entry(double.class, ScalarKind.DOUBLE),
          Map.entry(Double.class, ScalarKind.DOUBLE),
          Map.entry(String.class, ScalarKind.STRING),
          Map.entry(BigInteger.class, ScalarKind.BIG_INTEGER),
          Map.entry(BigDecimal.class, ScalarKind.BIG_DECIMAL),
          Map.entry(byte[].class, ScalarKind.BYTES),
          Map.entry(UUID.class, ScalarKind.UUID),
          Map.entry(URI.class, ScalarKind.URI),
          Map.entry(Duration.class, ScalarKind.DURATION),
          Map.entry(Instant.class, ScalarKind.INSTANT),
          Map.entry(LocalDate.class, ScalarKind.LOCAL_DATE),
          Map.entry(LocalDateTime.class, ScalarKind.LOCAL_DATE_TIME),
          Map.entry(LocalTime.class, ScalarKind.LOCAL_TIME),
          Map.entry(MonthDay.class, ScalarKind.MONTH_DAY),
          Map.entry(OffsetDateTime.class, ScalarKind.OFFSET_DATE_TIME),
          Map.entry(OffsetTime.class, ScalarKind.OFFSET_TIME),
          Map.entry(Period.class, ScalarKind.PERIOD),
          Map.entry(Year.class, ScalarKind.YEAR),
          Map.entry(YearMonth.class, ScalarKind.YEAR_MONTH),
          Map.entry(ZonedDateTime.class, ScalarKind.ZONED_DATE_TIME),
          Map.entry(ZoneId.class, ScalarKind.ZONE_ID),
          Map.entry(ZoneOffset.class, ScalarKind.ZONE_OFFSET),
          Map.entry(OptionalInt.class, ScalarKind.OPTIONAL_INT),
          Map.entry(OptionalLong.class, ScalarKind.OPTIONAL_LONG),
          Map.entry(OptionalDouble.class, ScalarKind.OPTIONAL_DOUBLE));

  private static final Set<Class<?>> COLLECTIONS =
      Set.of(
          Collection.class, SequencedCollection.class, List.class, Set.class, SequencedSet.class);

  private static final Set<Class<?>> MAPS = Set.of(Map.class, SequencedMap.class);

  /** A type with every variable replaced; of an array, the argument is what it holds. */
  private record Concrete(Class<?> raw, List<Concrete> arguments) {}

  private final Map<Concrete, PlainType> known = new HashMap<>();
  private int depth;

  /** The plain type of a type that stands outside of any generic declaration. */
  PlainType of(Type type, String path) throws ContractException {
    return of(type, Map.of(), path);
  }

  /**
   * The type arguments that an interface gives to the generic interfaces it extends, for {@link
   * #of(Type, Bindings, String)}.
   */
  Bindings bindingsOf(Class<?> contract) {
    Map<TypeVariable<?>, Concrete> bindings = new HashMap<>();
    bindSupertypes(contract, bindings);
    return new Bindings(bindings);
  }

  /** What type variables stand for. */
  static final class Bindings {
    private final Map<TypeVariable<?>, Concrete> variables;

    private Bindings(Map<TypeVariable<?>, Concrete> variables) {
      this.variables = variables;
    }
  }

  PlainType of(Type type, Bindings bindings, String path) throws ContractException {
    return of(type, bindings.variables, path);
  }

  private PlainType of(Type type, Map<TypeVariable<?>, Concrete> bindings, String path)
      throws ContractException {
    return of(concrete(type, bindings, path), path);
  }

  private void bindSupertypes(Class<?> type, Map<TypeVariable<?>, Concrete> bindings) {
    for (Type supertype : type.getGenericInterfaces()) {
      if (supertype instanceof ParameterizedType parameterized) {
        Class<?> raw = (Class<?>) parameterized.getRawType();
        TypeVariable<?>[] variables = raw.getTypeParameters();
        Type[] arguments = parameterized.getActualTypeArguments();
        for (int i = 0; i < variables.length; i++) {
          try {
            bindings.put(variables[i], concrete(arguments[i], bindings, raw.getTypeName()));
          } catch (ContractException e) {
            // Left unbound: whoever uses the variable is refused, with the path to it.
            bindings.remove(variables[i]);
          }
        }
        bindSupertypes(raw, bindings);
      } else {
        bindSupertypes((Class<?>) supertype, bindings);
      }
    }
  }

  private Concrete concrete(Type type, Map<TypeVariable<?>, Concrete> bindings, String path)
      throws ContractException {
    return switch (type) {
      case Class<?> raw when raw.isArray() ->
          new Concrete(raw, List.of(concrete(raw.getComponentType(), bindings, path)));
      case Class<?> raw when raw.getTypeParameters().length > 0 ->
          throw refused(path, raw.getTypeName() + " has no type arguments");
      case Class<?> raw -> new Concrete(raw, List.of());
      case ParameterizedType parameterized -> {
        List<Concrete> arguments = new ArrayList<>();
        for (Type argument : parameterized.getActualTypeArguments()) {
          arguments.add(concrete(argument, bindings, path));
        }
        yield new Concrete((Class<?>) parameterized.getRawType(), List.copyOf(arguments));
      }
      case GenericArrayType array -> {
        Concrete element = concrete(array.getGenericComponentType(), bindings, path);
        yield new Concrete(element.raw().arrayType(), List.of(element));
      }
      case TypeVariable<?> variable -> {
        Concrete bound = bindings.get(variable);
        if (bound == null) {
          throw refused(path, "the type variable " + variable + " could be anything");
        }
        yield bound;
      }
      case WildcardType wildcard -> throw refused(path, "the wildcard " + wildcard + " is open");
      default -> throw refused(path, type.getTypeName() + " is not plain data");
    };
  }

  private PlainType of(Concrete type, String path) throws ContractException {
    PlainType seen = known.get(type);
    if (seen != null) {
      return seen;
    }
    if (known.size() == MOST_TYPES || depth == DEEPEST) {
      throw refused(path, "more types than a contract may have, or nested deeper");
    }
    depth++;
    try {
      return make(type, path);
    } finally {
      depth--;
    }
  }

  private PlainType make(Concrete type, String path) throws ContractException {
    Class<?> raw = type.raw();
    if (raw == void.class || raw == Void.class) {
      return new PlainType.Nothing(raw);
    }
    ScalarKind scalar = SCALARS.get(raw);
    if (scalar != null) {
      return new PlainType.Scalar(raw, scalar);
    }
    if (raw.isEnum()) {
      return new PlainType.EnumOf(raw);
    }
    if (raw == Optional.class) {
      PlainType element = element(type, 0, path + "?");
      if (element instanceof PlainType.OptionalOf
          || (element instanceof PlainType.Scalar inner && isOptional(inner.kind()))) {
        throw refused(path, "an optional of an optional can't be told from an empty one");
      }
      return new PlainType.OptionalOf(raw, element);
    }
    if (raw.isArray()) {
      return new PlainType.ArrayOf(raw, element(type, 0, path + "[]"));
    }
    if (COLLECTIONS.contains(raw)) {
      return new PlainType.CollectionOf(raw, element(type, 0, path + "[]"));
    }
    if (MAPS.contains(raw)) {
      return mapOf(type, path);
    }
    if (raw.isRecord()) {
      return recordOf(type, path);
    }
    if (raw.isSealed() && raw.isInterface()) {
      return sealedOf(type, path);
    }
    throw refused(path, raw.getTypeName() + " is not plain data" + advice(raw));
  }

  private static String advice(Class<?> raw) {
    if (raw == Object.class) {
      return ": it could be anything";
    }
    if (Collection.class.isAssignableFrom(raw)) {
      return ": use List, Set or Collection";
    }
    if (Map.class.isAssignableFrom(raw)) {
      return ": use Map";
    }
    if (raw.isInterface()) {
      return ": an interface that anybody may implement; a sealed one of records would do";
    }
    return ": a class with a life of its own; a record would do";
  }

  private static boolean isOptional(ScalarKind kind) {
    return kind == ScalarKind.OPTIONAL_INT
        || kind == ScalarKind.OPTIONAL_LONG
        || kind == ScalarKind.OPTIONAL_DOUBLE;
  }

  private PlainType element(Concrete type, int index, String path) throws ContractException {
    PlainType element = of(type.arguments().get(index), path);
    if (element instanceof PlainType.Nothing) {
      throw refused(path, "Void has no values");
    }
    return element;
  }

  private PlainType mapOf(Concrete type, String path) throws ContractException {
    PlainType key = element(type, 0, path + "{key}");
    boolean fit =
        key instanceof PlainType.EnumOf
            || (key instanceof PlainType.Scalar scalar && scalar.kind().isKey());
    if (!fit) {
      throw refused(
          path + "{key}",
          key.javaType().getTypeName()
              + " can't be a key: only strings, integers, enums and UUIDs can");
    }
    return new PlainType.MapOf(type.raw(), key, element(type, 1, path + "{}"));
  }

  private PlainType recordOf(Concrete type, String path) throws ContractException {
    PlainType.RecordOf result = new PlainType.RecordOf(type.raw());
    known.put(type, result);
    Map<TypeVariable<?>, Concrete> bindings = bindings(type);
    List<PlainType.Component> components = new ArrayList<>();
    for (RecordComponent component : type.raw().getRecordComponents()) {
      String at = path + "." + component.getName();
      PlainType componentType = of(component.getGenericType(), bindings, at);
      if (componentType instanceof PlainType.Nothing) {
        throw refused(at, "Void has no values");
      }
      components.add(new PlainType.Component(component.getName(), componentType));
    }
    result.complete(components);
    return result;
  }

  private static Map<TypeVariable<?>, Concrete> bindings(Concrete type) {
    TypeVariable<?>[] variables = type.raw().getTypeParameters();
    Map<TypeVariable<?>, Concrete> bindings = new HashMap<>();
    for (int i = 0; i < variables.length; i++) {
      bindings.put(variables[i], type.arguments().get(i));
    }
    return bindings;
  }

  private PlainType sealedOf(Concrete type, String path) throws ContractException {
    if (!type.arguments().isEmpty()) {
      throw refused(path, type.raw().getTypeName() + " is both sealed and generic");
    }
    PlainType.SealedOf result = new PlainType.SealedOf(type.raw());
    known.put(type, result);
    Set<Class<?>> leaves = new LinkedHashSet<>();
    collectLeaves(type.raw(), leaves, path);
    Map<String, PlainType.Alternative> alternatives = new java.util.LinkedHashMap<>();
    for (Class<?> leaf : leaves) {
      String name = leaf.getSimpleName();
      String at = path + "<" + name + ">";
      PlainType alternative = of(leaf, Map.of(), at);
      if (alternatives.put(name, new PlainType.Alternative(name, alternative)) != null) {
        throw refused(at, "two of its types have the same simple name");
      }
    }
    result.complete(List.copyOf(alternatives.values()));
    return result;
  }

  private static void collectLeaves(Class<?> type, Set<Class<?>> leaves, String path)
      throws ContractException {
    for (Class<?> permitted : permitted(type)) {
      if (permitted.isRecord() || permitted.isEnum()) {
        leaves.add(permitted);
      } else if (permitted.isInterface() && permitted.isSealed()) {
        collectLeaves(permitted, leaves, path);
      } else {
        throw refused(
            path,
            type.getTypeName()
                + " permits "
                + permitted.getTypeName()
                + ", which is neither a record nor an enum");
      }
    }
  }

  private static Class<?>[] permitted(Class<?> type) {
    Class<?> @Nullable [] permitted = type.getPermittedSubclasses();
    return permitted == null ? new Class<?>[0] : permitted;
  }

  private static ContractException refused(String path, String reason) {
    return new ContractException(path + ": " + reason);
  }
}
