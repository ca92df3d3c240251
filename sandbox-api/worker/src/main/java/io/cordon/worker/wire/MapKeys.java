package io.cordon.worker.wire;

import java.math.BigInteger;
import java.util.Map;
import java.util.UUID;

/** Keys of maps travel as names. */
final class MapKeys {
  private final PlainType type;
  private final Map<String, Object> constants;

  MapKeys(PlainType type) {
    this.type = type;
    this.constants =
        type instanceof PlainType.EnumOf ? EnumCodec.constantsOf(type.javaType()) : Map.of();
  }

  String name(ValueOutput out, Object key) throws ValueException {
    Object checked = type.javaType().cast(key);
    return switch (checked) {
      case Enum<?> constant -> constant.name();
      case BigInteger number -> ScalarCodec.checked(out, number).toString();
      default -> checked.toString();
    };
  }

  Object key(ValueInput in, String name) throws ProtocolException {
    try {
      return switch (type) {
        case PlainType.EnumOf enumOf -> constant(in, name);
        case PlainType.Scalar scalar -> scalar(in, scalar.kind(), name);
        default -> throw new IllegalStateException("not a key: " + type);
      };
    } catch (IllegalArgumentException e) {
      throw in.wrong("not a key: \"" + Where.bounded(name) + "\"");
    }
  }

  private Object constant(ValueInput in, String name) throws ProtocolException {
    Object constant = constants.get(name);
    if (constant == null) {
      throw in.wrong("not a key: \"" + Where.bounded(name) + "\"");
    }
    return constant;
  }

  private static Object scalar(ValueInput in, ScalarKind kind, String name)
      throws ProtocolException {
    if (kind != ScalarKind.STRING && name.length() > in.limits.numberLength()) {
      throw in.wrong("a key of more than " + in.limits.numberLength() + " digits");
    }
    return switch (kind) {
      case STRING -> name;
      case BYTE -> Byte.valueOf(name);
      case SHORT -> Short.valueOf(name);
      case INT -> Integer.valueOf(name);
      case LONG -> Long.valueOf(name);
      case BIG_INTEGER -> new BigInteger(name);
      case UUID -> UUID.fromString(name);
      default -> throw new IllegalStateException("not a key: " + kind);
    };
  }
}
