package io.cordon.worker.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Attack 81: whatever a reply is, it is read as data, and refused as data. */
final class HostileJsonTest {

  enum Tone {
    WARM,
    COOL
  }

  sealed interface Part permits Text, Amount {}

  record Text(String text) implements Part {}

  record Amount(BigDecimal number) implements Part {}

  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Reply(
      int count,
      @Nullable Tone tone,
      List<Part> parts,
      Map<String, Set<Long>> index,
      Optional<Instant> at,
      byte @Nullable [] blob,
      @Nullable Reply next) {}

  private final ValueCodecs codecs = new ValueCodecs(WireLimits.DEFAULT);

  private static Reply sample() {
    Reply last = new Reply(0, null, List.of(), Map.of(), Optional.empty(), null, null);
    return new Reply(
        42,
        Tone.WARM,
        List.of(new Text("a \u20ac b"), new Amount(new BigDecimal("1.5E+3"))),
        Map.of("k", Set.of(1L, 2L)),
        Optional.of(Instant.EPOCH),
        new byte[] {1, 2, 3},
        last);
  }

  @Test
  void nothingButValuesAndProtocolExceptionsComesOutOfBrokenText() throws Exception {
    ValueCodec codec = codecs.of(PlainType.of(Reply.class));
    byte[] sane = codec.write(sample());
    Random random = new Random(81);
    int read = 0;
    int refused = 0;
    for (int round = 0; round < 40_000; round++) {
      byte[] hostile = HostileFramesTest.mutated(sane, random);
      try {
        codec.read(hostile);
        read++;
      } catch (ProtocolException e) {
        assertThat(e.getMessage()).hasSizeLessThan(1000);
        refused++;
      }
    }
    assertThat(read).isGreaterThan(50);
    assertThat(refused).isGreaterThan(5_000);
  }

  @Test
  void noiseOfJsonTokensIsRefusedToo() throws Exception {
    ValueCodec codec = codecs.of(PlainType.of(Reply.class));
    String[] tokens = {
      "{",
      "}",
      "[",
      "]",
      ",",
      ":",
      "null",
      "true",
      "0",
      "-1",
      "1e999999999",
      "1E-400",
      "\"\"",
      "\"count\"",
      "\"tone\"",
      "\"parts\"",
      "\"index\"",
      "\"at\"",
      "\"blob\"",
      "\"next\"",
      "\"WARM\"",
      "\"Text\"",
      "\"Amount\"",
      "\"text\"",
      "\"number\"",
      " ",
      "\"\\ud800\"",
      "\u0000",
      "/**/",
      "NaN"
    };
    Random random = new Random(17);
    for (int round = 0; round < 40_000; round++) {
      StringBuilder text = new StringBuilder("{");
      for (int i = random.nextInt(30); i >= 0; i--) {
        text.append(tokens[random.nextInt(tokens.length)]);
      }
      byte[] bytes = text.toString().getBytes(StandardCharsets.UTF_8);
      Throwable thrown = thrownBy(() -> codec.read(bytes));
      assertThat(thrown == null || thrown instanceof ProtocolException).as("%s", thrown).isTrue();
    }
  }

  @Test
  void aSerializedObjectIsJustNoJson() {
    byte[] stream = {(byte) 0xac, (byte) 0xed, 0, 5, 's', 'r', 0, 17};
    assertThat(thrownBy(() -> codecs.readJsonText(stream))).isInstanceOf(ProtocolException.class);
    assertThat(thrownBy(() -> codecs.of(PlainType.of(Reply.class)).read(stream)))
        .isInstanceOf(ProtocolException.class);
  }

  @Test
  void readingAllocatesInProportionToWhatCame() throws Exception {
    ValueCodec codec = codecs.of(PlainType.of(Reply.class));
    StringBuilder text = new StringBuilder("{\"count\":1,\"parts\":[");
    for (int i = 0; i < 400_000; i++) {
      text.append(i == 0 ? "" : ",").append("null");
    }
    byte[] flood = text.append("]}").toString().getBytes(StandardCharsets.UTF_8);
    codec.read(codec.write(sample()));
    assertThat(Allocation.of(() -> codec.read(flood))).isLessThan(16L * flood.length);
    byte[] deep = "{\"next\":".repeat(1_000_000).getBytes(StandardCharsets.UTF_8);
    assertThat(thrownBy(() -> codec.read(deep))).hasMessageContaining("nesting");
    assertThat(Allocation.of(() -> codec.read(deep))).isLessThan(4L * deep.length);
  }

  private static @Nullable Throwable thrownBy(Allocation.Action action) {
    try {
      action.run();
      return null;
    } catch (Exception e) {
      return e;
    }
  }
}
