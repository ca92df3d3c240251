package io.cordon.vm.kvm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class GuestTest {

  /** Golden bytes; what stands behind them is what a disassembler made of them. */
  @Test
  void codeIsWhatADisassemblerReads() {
    String listing =
        """
        b9204e0000  4000: mov ecx, 0x4e20
        ffc9        4005: dec ecx
        75fc        4007: jne 0x4005
        bf00500000  4009: mov edi, 0x5000
        488b07      400e: mov rax, qword [rdi]
        488b5708    4011: mov rdx, qword [rdi+0x8]
        488d5801    4015: lea rbx, [rax+0x1]
        f0480fc70f  4019: lock cmpxchg16b oword [rdi]
        0f94c0      401e: sete al
        e6f4        4021: out 0xf4, al
        ebdb        4023: jmp 0x4000
        """;
    String code =
        listing
            .lines()
            .map(line -> line.substring(0, line.indexOf(' ')))
            .collect(Collectors.joining());
    byte[] memory = Guest.probe().memory();
    assertThat(HexFormat.of().formatHex(memory, 0x4000, 0x4000 + code.length() / 2))
        .isEqualTo(code);
    assertThat(Arrays.copyOfRange(memory, 0x4000 + code.length() / 2, memory.length))
        .containsOnly(0);
  }

  @Test
  void pageTablesMapTheFirstTwoMegabytesToThemselves() {
    ByteBuffer memory =
        ByteBuffer.wrap(new Guest(new byte[0]).memory()).order(ByteOrder.LITTLE_ENDIAN);
    assertThat(memory.capacity()).isEqualTo(0x6000);
    assertThat(memory.getLong(0x1000)).isEqualTo(0x2003);
    assertThat(memory.getLong(0x2000)).isEqualTo(0x3003);
    assertThat(memory.getLong(0x3000)).isEqualTo(0x83);
    for (int entry : new int[] {0x1000, 0x2000, 0x3000}) {
      memory.putLong(entry, 0);
    }
    assertThat(memory.array()).containsOnly(0);
  }

  @Test
  void codeThatReachesIntoTheDataIsRefused() {
    assertThatThrownBy(() -> new Guest(new byte[4097]))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
