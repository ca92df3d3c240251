package io.cordon.worker.wire;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Makes the codecs of plain types that are used together; of each type, one. */
final class CodecCompiler {
  private final Map<PlainType, Codec> made = new HashMap<>();

  Codec compile(PlainType type) throws ContractException {
    Codec known = made.get(type);
    if (known != null) {
      return known;
    }
    return switch (type) {
      case PlainType.Nothing nothing -> throw new ContractException("void has no values");
      case PlainType.Scalar scalar -> keep(type, new ScalarCodec(scalar));
      case PlainType.EnumOf enumOf -> keep(type, new EnumCodec(enumOf.javaType()));
      case PlainType.OptionalOf optional ->
          keep(type, new OptionalCodec(compile(optional.element())));
      case PlainType.ArrayOf array ->
          keep(type, new ArrayCodec(array.javaType().getComponentType(), compile(array.element())));
      case PlainType.CollectionOf collection ->
          keep(type, CollectionCodec.of(collection, compile(collection.element())));
      case PlainType.MapOf map ->
          keep(type, new MapCodec(new MapKeys(map.key()), compile(map.value())));
      case PlainType.RecordOf record -> {
        RecordCodec codec = keep(type, new RecordCodec(record));
        List<PlainType.Component> components = record.components();
        for (int i = 0; i < components.size(); i++) {
          codec.complete(i, compile(components.get(i).type()));
        }
        yield codec;
      }
      case PlainType.SealedOf sealed -> {
        SealedCodec codec = keep(type, new SealedCodec(sealed.javaType()));
        for (PlainType.Alternative alternative : sealed.alternatives()) {
          codec.add(alternative, compile(alternative.type()));
        }
        yield codec;
      }
    };
  }

  private <C extends Codec> C keep(PlainType type, C codec) {
    made.put(type, codec);
    return codec;
  }
}
