package io.cordon.samples.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PrintableTest {

  @Test
  void whatATerminalWouldActUponIsSpelledOut() {
    assertThat(Printable.line("\u001b]0;title\u0007 \u009b31m\r\b\u007f"))
        .isEqualTo("\\u001b]0;title\\u0007 \\u009b31m\\u000d\\u0008\\u007f");
  }

  @Test
  void marksThatTurnTheReadingDirectionAreSpelledOut() {
    assertThat(Printable.line("safe\u202egnp.exe\u2066\ufeff\u2028"))
        .isEqualTo("safe\\u202egnp.exe\\u2066\\ufeff\\u2028");
  }

  @Test
  void severalLinesBecomeOne() {
    assertThat(Printable.line("failed\ncordon: succeeded")).isEqualTo("failed\\ncordon: succeeded");
  }

  @Test
  void ordinaryTextOfAnyLanguageStays() {
    assertThat(Printable.line("Größe: 5 € – 数 𝄞")).isEqualTo("Größe: 5 € – 数 𝄞");
  }

  @Test
  void halfACharacterIsSpelledOut() {
    assertThat(Printable.line("\ud834")).isEqualTo("\\ud834");
  }

  @Test
  void aLongTextIsCutWhateverItHolds() {
    assertThat(Printable.line("\u001b".repeat(100_000))).hasSizeLessThan(2_100).contains("100000");
  }
}
