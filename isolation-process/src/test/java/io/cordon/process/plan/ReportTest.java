package io.cordon.process.plan;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ReportTest {

  @Test
  void readsFailure() {
    assertThat(Report.read(message(1, 17, 13))).contains(new Report.Failed(17, 13));
  }

  @Test
  void readsEndWithWhatWasUsed() {
    ByteBuffer message = ByteBuffer.allocate(152).order(ByteOrder.LITTLE_ENDIAN);
    message.putInt(4).putInt(0x0900);
    message.putLong(1).putLong(500_000); // ru_utime
    message.putLong(0).putLong(250); // ru_stime
    message.putLong(2048); // ru_maxrss, KiB
    assertThat(Report.read(message.rewind()))
        .contains(new Report.Ended(0x0900, 1_500_000_000, 250_000, 2 << 20));
  }

  @Test
  void readsThatTheLauncherIsAnotherProcess() {
    assertThat(Report.read(message(5))).contains(new Report.Reborn());
  }

  @Test
  void readsHowFarALaunchHasCome() {
    assertThat(Report.read(message(2))).contains(new Report.Alive());
    assertThat(Report.read(message(6))).contains(new Report.Ready());
    assertThat(Report.read(message(3))).contains(new Report.Executing());
  }

  @Test
  void endedBlockHasRoomForRusage() {
    assertThat(Report.endedBlock().size()).isEqualTo(8 + 144);
  }

  @Test
  void nothingElseIsAReport() {
    assertThat(Report.read(message())).isEmpty();
    assertThat(Report.read(message(0))).isEmpty();
    assertThat(Report.read(message(7))).isEmpty();
    assertThat(Report.read(message(1))).isEmpty();
    assertThat(Report.read(message(4, 0, 1))).isEmpty();
  }

  @Test
  void anyBytesAreAReportOrNone() {
    Random random = new Random(1);
    for (int i = 0; i < 10_000; i++) {
      byte[] bytes = new byte[random.nextInt(Report.MAX_BYTES + 1)];
      random.nextBytes(bytes);
      if (bytes.length > 3 && random.nextBoolean()) {
        bytes[0] = (byte) random.nextInt(9);
        bytes[1] = bytes[2] = bytes[3] = 0;
      }
      assertThat(Report.read(ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN))).isNotNull();
    }
  }

  private static ByteBuffer message(int... words) {
    ByteBuffer message = ByteBuffer.allocate(4 * words.length).order(ByteOrder.LITTLE_ENDIAN);
    for (int word : words) {
      message.putInt(word);
    }
    return message.rewind();
  }
}
