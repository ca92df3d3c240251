package io.cordon.process.plan;

import static io.cordon.process.plan.Argument.number;
import static io.cordon.process.plan.Argument.text;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import org.junit.jupiter.api.Test;

class ElfTest {
  private final Elf elf = new Elf(Architecture.of("amd64").orElseThrow());

  @Test
  void isStaticExecutableOfItsArchitecture() {
    ByteBuffer file = compile(new PlanBuilder().call("end", "exit_group", number(7)));
    assertThat(file.getInt(0)).isEqualTo(0x464c457f); // "\x7fELF"
    assertThat(file.get(4)).as("64 bits").isEqualTo((byte) 2);
    assertThat(file.getShort(16)).as("ET_EXEC").isEqualTo((short) 2);
    assertThat(file.getShort(18)).as("EM_X86_64").isEqualTo((short) 62);
    assertThat(file.getShort(56)).as("program headers").isEqualTo((short) 3);
    assertThat(file.getLong(24)).as("entry: behind the headers").isEqualTo(0x400000 + 64 + 3 * 56);
  }

  @Test
  void nothingIsWritableAndExecutable() {
    ByteBuffer file = compile(new PlanBuilder().call("end", "exit_group", number(7)));
    for (int header = 64; header < 64 + 3 * 56; header += 56) {
      assertThat(file.getInt(header + 4) & 3).as("flags W and X").isNotEqualTo(3);
    }
  }

  @Test
  void segmentsAreCongruentToTheirAddresses() {
    PlanBuilder plan = new PlanBuilder();
    for (int i = 0; i < 1000; i++) {
      plan.call("many", "write", number(1), text("text " + i), number(4));
    }
    ByteBuffer file = compile(plan);
    for (int header = 64; header < 64 + 2 * 56; header += 56) {
      long offset = file.getLong(header + 8);
      long address = file.getLong(header + 16);
      long size = file.getLong(header + 32);
      assertThat(offset % 4096).isEqualTo(address % 4096);
      assertThat(offset + size).isLessThanOrEqualTo(file.capacity());
    }
  }

  @Test
  void arrayOfTextsPointsToThemAndEndsWithNull() {
    Block array = Block.texts("", List.of("first", "second"));
    ByteBuffer file = compile(new PlanBuilder().call("", "execve", array.address()));
    int data = (int) file.getLong(64 + 56 + 8);
    int first = (int) file.getLong(data) - PlanMemory.BASE + data;
    int second = (int) file.getLong(data + 8) - PlanMemory.BASE + data;
    assertThat(textAt(file, first)).isEqualTo("first");
    assertThat(textAt(file, second)).isEqualTo("second");
    assertThat(file.getLong(data + 16)).isZero();
  }

  @Test
  void sameStructureTwiceIsInMemoryOnce() {
    Block block = Block.of("").u64(0x1122334455667788L).build();
    ByteBuffer once = compile(new PlanBuilder().call("", "nanosleep", block.address()));
    ByteBuffer twice =
        compile(
            new PlanBuilder()
                .call("", "nanosleep", block.address())
                .call("", "nanosleep", block.address()));
    assertThat(twice.getLong(64 + 56 + 32)).isEqualTo(once.getLong(64 + 56 + 32));
  }

  private ByteBuffer compile(PlanBuilder plan) {
    return ByteBuffer.wrap(elf.compile(plan.build())).order(ByteOrder.LITTLE_ENDIAN);
  }

  private static String textAt(ByteBuffer file, int at) {
    StringBuilder text = new StringBuilder();
    for (int i = at; file.get(i) != 0; i++) {
      text.append((char) file.get(i));
    }
    return text.toString();
  }
}
