package io.cordon.worker.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class BindingsTest {
  private final ValueCodecs codecs = new ValueCodecs(WireLimits.DEFAULT);

  private record Line(String name, double price) {}

  private record Order(List<Line> lines, Optional<String> note, TimeUnit unit) {}

  private String json(@Nullable Object value) throws ValueException {
    SequencedMap<String, @Nullable Object> bindings = new LinkedHashMap<>();
    bindings.put("v", value);
    return new String(codecs.writeBindings(bindings), StandardCharsets.UTF_8);
  }

  @Test
  void plainDataIsWrittenAsWhatItTurnsOutToBe() throws Exception {
    assertThat(json(null)).isEqualTo("{\"v\":null}");
    assertThat(json(new Order(List.of(new Line("tea", 2.5)), Optional.empty(), TimeUnit.DAYS)))
        .isEqualTo(
            "{\"v\":{\"lines\":[{\"name\":\"tea\",\"price\":2.5}],\"note\":null,\"unit\":\"DAYS\"}}");
    assertThat(json(Map.of(1, new Object[] {true, 'c', new int[] {1, 2}})))
        .isEqualTo("{\"v\":{\"1\":[true,\"c\",[1,2]]}}");
    assertThat(json(List.of(LocalDate.EPOCH, new BigDecimal("1.10"), (byte) 1, 1.5f)))
        .isEqualTo("{\"v\":[\"1970-01-01\",1.10,1,1.5]}");
    assertThat(json(new byte[] {1, 2})).isEqualTo("{\"v\":\"AQI=\"}");
  }

  @Test
  void anIntegerThatAScriptCannotHoldExactlyIsRefused() throws Exception {
    assertThat(json(9007199254740991L)).contains("9007199254740991");
    assertThat(json(BigInteger.TEN)).contains("10");
    for (Object tooLarge :
        List.of(
            9007199254740992L, Long.MIN_VALUE, BigInteger.TWO.pow(53), BigInteger.TWO.pow(99))) {
      assertThatThrownBy(() -> json(tooLarge))
          .isInstanceOf(ValueException.class)
          .hasMessageContaining("bind it as text");
    }
  }

  @Test
  void whatIsNoPlainDataIsRefusedWithItsPlace() {
    assertThatThrownBy(() -> json(List.of(1, new Object())))
        .isInstanceOf(ValueException.class)
        .hasMessage("/v/1: java.lang.Object is not plain data");
    assertThatThrownBy(() -> json(Double.NaN)).isInstanceOf(ValueException.class);
    assertThatThrownBy(() -> json(Map.of(new Line("a", 1), 1)))
        .isInstanceOf(ValueException.class)
        .hasMessageContaining("can't be a key");
    List<Object> cycle = new ArrayList<>();
    cycle.add(cycle);
    assertThatThrownBy(() -> json(cycle))
        .isInstanceOf(ValueException.class)
        .hasMessageContaining("does it hold itself?");
  }
}
