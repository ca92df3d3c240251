package io.cordon.worker.wire;

import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Writes and reads the arguments and the result of one method. Made once per method by {@link
 * ValueCodecs}. Safe for use by several threads.
 */
public final class MethodCodec {
  private static final byte[] NOTHING = {};
  private static final Object[] NO_ARGUMENTS = {};

  private final ValueCodecs codecs;
  private final Codec[] parameters;
  private final @Nullable ValueCodec result;

  MethodCodec(ValueCodecs codecs, Codec[] parameters, @Nullable ValueCodec result) {
    this.codecs = codecs;
    this.parameters = parameters;
    this.result = result;
  }

  /**
   * Writes the arguments of a call.
   *
   * @param arguments as an {@link java.lang.reflect.InvocationHandler} has them: null if none
   * @throws ValueException if one is not what its type says, or they are too large
   */
  public byte[] writeArguments(@Nullable Object @Nullable [] arguments) throws ValueException {
    if (parameters.length == 0) {
      return NOTHING;
    }
    if (arguments == null || arguments.length != parameters.length) {
      throw new ValueException(parameters.length + " arguments are wanted");
    }
    return codecs.write(
        out -> {
          out.generator.writeStartArray();
          for (int i = 0; i < parameters.length; i++) {
            parameters[i].write(out, arguments[i]);
          }
          out.generator.writeEndArray();
        });
  }

  /**
   * Reads the arguments of a call.
   *
   * @throws ProtocolException if they are not what the types say
   */
  public @Nullable Object[] readArguments(byte[] json) throws ProtocolException {
    if (parameters.length == 0) {
      if (json.length > 0) {
        throw new ProtocolException("arguments for a method that has none");
      }
      return NO_ARGUMENTS;
    }
    @Nullable Object[] arguments = new Object[parameters.length];
    codecs.read(json, in -> readInto(arguments, in));
    return arguments;
  }

  private @Nullable Object[] readInto(@Nullable Object[] arguments, ValueInput in)
      throws IOException {
    if (in.parser.nextToken() != JsonToken.START_ARRAY) {
      throw in.expected("the arguments");
    }
    for (int i = 0; i < arguments.length; i++) {
      if (in.parser.nextToken() == JsonToken.END_ARRAY) {
        throw in.wrong("too few arguments");
      }
      arguments[i] = parameters[i].read(in);
    }
    if (in.parser.nextToken() != JsonToken.END_ARRAY) {
      throw in.wrong("too many arguments");
    }
    return arguments;
  }

  /**
   * Writes what a call returned.
   *
   * @throws ValueException if it is not what its type says, or is too large
   */
  public byte[] writeResult(@Nullable Object value) throws ValueException {
    return result == null ? NOTHING : result.write(value);
  }

  /**
   * Reads what a call returned.
   *
   * @throws ProtocolException if it is not what its type says
   */
  public @Nullable Object readResult(byte[] json) throws ProtocolException {
    if (result != null) {
      return result.read(json);
    }
    if (json.length > 0) {
      throw new ProtocolException("a value from a method that returns none");
    }
    return null;
  }
}
