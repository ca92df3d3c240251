package io.cordon.vm.qemu;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import org.junit.jupiter.api.Test;

class TailTest {
  private final Tail tail = new Tail();

  @Test
  void keepsTheEnd() {
    drain("x".repeat(1 << 20) + "the end");
    assertThat(tail.text()).hasSize(16 << 10).endsWith("xthe end");
  }

  @Test
  void terminalNeverSeesWhatTheGuestHasForIt() {
    drain("a\r\nb\033[2J\u0085\n");
    assertThat(tail.text()).isEqualTo("a\nb?[2J?\n");
  }

  private void drain(String text) {
    tail.drain(new ByteArrayInputStream(text.getBytes(ISO_8859_1)));
  }
}
