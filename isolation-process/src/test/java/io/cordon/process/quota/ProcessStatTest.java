package io.cordon.process.quota;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ProcessStatTest {

  @Test
  void readsTheFieldsOfAKernelsLine() {
    assertThat(
            parse(
                "8062 (cat) R 8057 8057 4209 0 -1 4194304 102 0 0 0 11 12 13 14 20 0 3 0 152697"
                    + " 3133440 418 18446744073709551615 94736773013504 0 0\n"))
        .isEqualTo(new ProcessStat(8062, 'R', 8057, 11, 12, 13, 14, 3, 152697, 418));
  }

  @ParameterizedTest
  @ValueSource(strings = {"a) R 1 2", ") S 1 (", "(((", ")))", "\n1 (x) Z", " ", ""})
  void aNameCannotPassForFields(String name) {
    assertThat(parse("70 (" + name + ") S 66 1 1 0 -1 0 0 0 0 0 1 2 3 4 20 0 5 0 6 7 8 9\n"))
        .isEqualTo(new ProcessStat(70, 'S', 66, 1, 2, 3, 4, 5, 6, 8));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "x",
        "1 (a",
        "1 (a)",
        "1 (a) S",
        "1 (a) S 1 2",
        "1 (a) S x 1 1 0 -1 0 0 0 0 0 1"
      })
  void whatIsNoLineIsRefused(String line) {
    assertThatIllegalArgumentException().isThrownBy(() -> parse(line));
  }

  private static ProcessStat parse(String line) {
    byte[] bytes = line.getBytes(UTF_8);
    return ProcessStat.parse(bytes, bytes.length);
  }
}
