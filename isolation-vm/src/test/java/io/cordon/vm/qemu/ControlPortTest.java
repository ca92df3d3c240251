package io.cordon.vm.qemu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cordon.process.plan.Report;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ControlPortTest {

  @Test
  void readsOneReportAfterTheOther() throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(4 + 4 + 152).order(ByteOrder.LITTLE_ENDIAN);
    bytes.putInt(Report.ALIVE).putInt(Report.EXECUTING).putInt(Report.ENDED).putInt(0x0700);
    ControlPort port = port(bytes.array());
    assertThat(port.next()).contains(new Report.Alive());
    assertThat(port.next()).contains(new Report.Executing());
    assertThat(port.next()).contains(new Report.Ended(0x0700, 0, 0, 0));
    assertThat(port.next()).isEmpty();
  }

  @Test
  void readsWhichStepFailed() throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(12).order(ByteOrder.LITTLE_ENDIAN);
    bytes.putInt(Report.FAILED).putInt(17).putInt(2);
    assertThat(port(bytes.array()).next()).contains(new Report.Failed(17, 2));
  }

  @Test
  void nothingElseIsAReport() {
    assertThatThrownBy(port(9, 0, 0, 0)::next).hasMessageContaining("unknown kind 9");
    assertThatThrownBy(port(1, 0)::next).isInstanceOf(IOException.class);
    assertThatThrownBy(port(1, 0, 0, 0, 7)::next).isInstanceOf(IOException.class);
  }

  @Test
  void anyBytesAreReportsOrAnError() {
    Random random = new Random(1);
    for (int i = 0; i < 10_000; i++) {
      byte[] bytes = new byte[random.nextInt(400)];
      random.nextBytes(bytes);
      for (int j = 0; j + 3 < bytes.length && random.nextBoolean(); j += 4) {
        bytes[j] = (byte) random.nextInt(6);
        bytes[j + 1] = bytes[j + 2] = bytes[j + 3] = 0;
      }
      ControlPort port = port(bytes);
      try {
        int reports = 0;
        while (port.next().isPresent()) {
          reports++;
        }
        assertThat(reports).isLessThanOrEqualTo(bytes.length / Integer.BYTES);
      } catch (IOException e) {
        assertThat(e).hasMessageContaining("report");
      }
    }
  }

  private static ControlPort port(int... bytes) {
    byte[] all = new byte[bytes.length];
    for (int i = 0; i < bytes.length; i++) {
      all[i] = (byte) bytes[i];
    }
    return port(all);
  }

  private static ControlPort port(byte[] bytes) {
    return new ControlPort(new ByteArrayInputStream(bytes));
  }
}
