package io.cordon.vm.kvm;

import static org.assertj.core.api.Assertions.assertThat;

import io.cordon.vm.kvm.GuestExit.PortAccess;
import io.cordon.vm.kvm.ProbeReport.Facts;
import io.cordon.vm.kvm.ProbeReport.Failed;
import io.cordon.vm.kvm.ProbeReport.Registers;
import io.cordon.vm.kvm.ProbeReport.Round;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ProbeReportTest {
  private static final int ROUND_SIZE = 40 + 256 + 144;

  @Test
  void readsFailure() {
    assertThat(ProbeReport.read(buffer(12).putInt(0, 1).putInt(4, 7).putInt(8, 25)))
        .contains(new Failed(7, 25));
  }

  @Test
  void readsFacts() {
    ByteBuffer message = buffer(ProbeReport.factsBlock().size());
    message.putInt(0, ProbeReport.FACTS).putInt(4, 12);
    message.putInt(ProbeReport.offset(KvmCapability.KVM_CAP_IRQFD), 5);
    Facts facts = (Facts) ProbeReport.read(message).orElseThrow();
    assertThat(facts.apiVersion()).isEqualTo(12);
    assertThat(facts.capabilities())
        .hasSize(KvmCapability.values().length)
        .containsEntry(KvmCapability.KVM_CAP_IRQFD, 5)
        .containsEntry(KvmCapability.KVM_CAP_IMMEDIATE_EXIT, 0);
  }

  @Test
  void readsRoundWithTimesOnBothSidesOfASecond() {
    ByteBuffer message = buffer(ROUND_SIZE).putInt(0, ProbeReport.ROUND).putInt(4, 2);
    message.putLong(8, 100).putLong(16, 999_999_000); // struct timespec, before
    message.putLong(24, 101).putLong(32, 500); // and after
    message.putInt(40 + 8, 2).put(40 + 32, (byte) 1).put(40 + 33, (byte) 1).put(40 + 34, (byte) 9);
    int regs = 40 + 256;
    message.putLong(regs, 1).putLong(regs + 8, 2).putLong(regs + 16, 3).putLong(regs + 128, 4);
    assertThat(ProbeReport.read(message))
        .contains(new Round(2, 1500, new PortAccess(true, 1, 9), new Registers(1, 2, 3, 4)));
  }

  @Test
  void roundFitsIntoAMessage() {
    assertThat(ProbeReport.roundBlock(1).size()).isEqualTo(ProbeReport.ROUND_HEAD_SIZE);
    assertThat(ROUND_SIZE).isLessThanOrEqualTo(ProbeReport.MAX_BYTES);
  }

  @Test
  void anyBytesAreAReportOrNone() {
    Random random = new Random(1);
    int[] kinds = {0, 1, 2, 3, 4, ProbeReport.FACTS, ProbeReport.ROUND};
    for (int i = 0; i < 10_000; i++) {
      byte[] bytes = new byte[random.nextInt(ProbeReport.MAX_BYTES + 1)];
      random.nextBytes(bytes);
      ByteBuffer message = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
      if (bytes.length >= 4) {
        message.putInt(0, kinds[random.nextInt(kinds.length)]);
      }
      assertThat(ProbeReport.read(message)).isNotNull();
    }
  }

  private static ByteBuffer buffer(int size) {
    return ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
  }
}
