package io.cordon.worker.wire;

import com.fasterxml.jackson.core.JsonToken;
import org.jspecify.annotations.Nullable;

/**
 * Writes and reads the values of one plain type as JSON text. Made once per type by {@link
 * ValueCodecs}. Safe for use by several threads.
 */
public final class ValueCodec {
  private final ValueCodecs codecs;
  private final Codec codec;

  ValueCodec(ValueCodecs codecs, Codec codec) {
    this.codecs = codecs;
    this.codec = codec;
  }

  /**
   * Writes a value.
   *
   * @throws ValueException if it is not what the type says, or is too large
   */
  public byte[] write(@Nullable Object value) throws ValueException {
    return codecs.write(out -> codec.write(out, value));
  }

  /**
   * Reads a value: lists, sets and maps are unmodifiable and keep the order; records are made by
   * their canonical constructors. A reference that the text lacks is null, or an empty optional.
   *
   * @throws ProtocolException if the text is anything but such a value, or exceeds a limit, or a
   *     record's constructor refuses what is in it
   */
  public @Nullable Object read(byte[] json) throws ProtocolException {
    return codecs.read(
        json,
        in -> {
          JsonToken first = in.parser.nextToken();
          if (first == null) {
            throw in.wrong("no value");
          }
          return codec.read(in);
        });
  }
}
