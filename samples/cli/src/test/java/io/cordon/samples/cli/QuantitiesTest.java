package io.cordon.samples.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.cordon.policy.Limit.Unit;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class QuantitiesTest {

  @ParameterizedTest
  @CsvSource({
    "0, BYTES, 0 B",
    "1023, BYTES, 1023 B",
    "1536, BYTES, 1.5 KiB",
    "268435456, BYTES, 256 MiB",
    "9223372036854775807, BYTES, 8388608 TiB",
    "5000000000, NANOSECONDS, 5 s",
    "5012000000, NANOSECONDS, 5.01 s",
    "12500000, NANOSECONDS, 12.5 ms",
    "100, COUNT, 100",
    "500, MILLICORES, 500m cores",
    "2000, MILLICORES, 2 cores",
  })
  void figuresAreShort(long value, Unit unit, String expected) {
    assertThat(Quantities.text(value, unit)).isEqualTo(expected);
  }
}
