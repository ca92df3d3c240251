package io.cordon.engine.script;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.cordon.engine.stream.GuestText;
import io.cordon.engine.verdict.Word;
import io.cordon.sandbox.ErrorCode;
import io.cordon.sandbox.SandboxException;
import io.cordon.sandbox.Script;
import io.cordon.worker.wire.ContractException;
import io.cordon.worker.wire.PlainType;
import io.cordon.worker.wire.ProtocolException;
import io.cordon.worker.wire.ValueCodec;
import io.cordon.worker.wire.ValueCodecs;
import java.lang.reflect.Type;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The result types of scripts. Making a codec is slow, so those in use are kept. */
final class ResultTypes {
  private static final int KEPT = 256;

  private final ValueCodecs codecs;
  private final Cache<Type, ValueCodec> known = Caffeine.newBuilder().maximumSize(KEPT).build();

  ResultTypes(ValueCodecs codecs) {
    this.codecs = codecs;
  }

  /**
   * What this script's value is to be read as.
   *
   * @throws SandboxException if that is no plain data
   */
  @SuppressWarnings("unchecked") // Script.returning ties T to the value type
  <T> ResultType<T> of(Script<T> script) {
    if (script.valueType() == Script.Json.class) {
      return json -> (Word<T>) reading(() -> codecs.readJsonText(json));
    }
    ValueCodec codec = Objects.requireNonNull(known.get(script.valueType(), this::codec));
    return json -> (Word<T>) reading(() -> codec.read(json));
  }

  private ValueCodec codec(Type type) {
    try {
      return codecs.of(PlainType.of(type));
    } catch (ContractException e) {
      throw new SandboxException(
          ErrorCode.BAD_VALUE, "a script can't return that: " + e.getMessage(), e);
    }
  }

  private interface Reading {
    @Nullable Object value() throws ProtocolException;
  }

  @SuppressWarnings("NullAway") // a script may say null, whatever it was asked for
  private static Word<?> reading(Reading reading) {
    try {
      return new Word.Returned<>(reading.value());
    } catch (ProtocolException e) {
      return new Word.Threw<>(
          "its value is not what was asked for: " + GuestText.plain(String.valueOf(e.getMessage())),
          "");
    }
  }
}
