package io.cordon.engine.event;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AuditLineTest {

  private static String line(String value) {
    return new AuditLine().with("event", "killed").with("reason", value).toString();
  }

  @Test
  void aPlainWordStandsAsItIs() {
    assertThat(line("tenant/memory.max")).isEqualTo("event=killed reason=tenant/memory.max");
  }

  @Test
  void anythingElseStandsInQuotes() {
    assertThat(line("it's 5 s, à peu près"))
        .isEqualTo("event=killed reason=\"it's 5 s, à peu près\"");
    assertThat(line("")).isEqualTo("event=killed reason=\"\"");
  }

  @ParameterizedTest
  @ValueSource(strings = {"\n", "\r", "\r\n", "\u0085", "\u2028", "\u2029", "\u000b", "\f", "\0"})
  void noTextBeginsALineOfItsOwn(String lineBreak) {
    String forged = line("x" + lineBreak + "event=killed tenant=victim");

    assertThat(forged).startsWith("event=killed reason=\"x\\u{").endsWith("tenant=victim\"");
    assertThat(forged.lines()).hasSize(1);
    assertThat(forged.chars()).noneMatch(Character::isISOControl).doesNotContain(0x2028, 0x2029);
  }

  @Test
  void noTextAddsAKeyOfItsOwn() {
    assertThat(line("x\" tenant=\"victim"))
        .isEqualTo("event=killed reason=\"x\\\" tenant=\\\"victim\"");
    assertThat(line("x\\")).isEqualTo("event=killed reason=\"x\\\\\"");
  }

  @Test
  void noTextDrivesTheTerminalOrTurnsTheLineAround() {
    assertThat(line("\u001b[2J\u202e\ud800\u200b"))
        .isEqualTo("event=killed reason=\"\\u{1b}[2J\\u{202e}\\u{d800}\\u{200b}\"");
  }

  @Test
  void noTextIsLongerThanItsBound() {
    assertThat(line("a".repeat(100_000))).hasSize("event=killed reason=\"\"…".length() + 500);
    assertThat(line("\n".repeat(100_000)).length()).isLessThan(500 * "\\u{10ffff}".length() + 100);
  }
}
