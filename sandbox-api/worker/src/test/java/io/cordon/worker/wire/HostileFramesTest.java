package io.cordon.worker.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * Attack 79: forged frames cost the other end next to nothing, and never more than an exception.
 */
final class HostileFramesTest {
  private static final int MAX_FRAME = 128 * 1024 * 1024;
  private static final int LITTLE = 64 * 1024;

  @Test
  void fourGigabytesAnnouncedAreRefusedUnallocated() {
    for (int announced : new int[] {0xffff_ffff, 0x8000_0000, Integer.MAX_VALUE, 0}) {
      byte[] frame = ByteBuffer.allocate(9).putInt(announced).put((byte) 0x84).array();
      assertThatThrownBy(() -> read(frame))
          .isInstanceOf(ProtocolException.class)
          .hasMessageContaining(Integer.toUnsignedString(announced) + " bytes");
      assertThat(Allocation.of(() -> read(frame))).isLessThan(LITTLE);
    }
  }

  @Test
  void aHundredMegabytesAnnouncedAndNotSentAreNotAllocated() {
    byte[] frame = ByteBuffer.allocate(1000).putInt(100 * 1024 * 1024).put((byte) 0x84).array();
    assertThatThrownBy(() -> read(frame))
        .isInstanceOf(EOFException.class)
        .hasMessageContaining("ends within a frame");
    assertThat(Allocation.of(() -> read(frame))).isLessThan(LITTLE);
  }

  @Test
  void memoryGrowsWithWhatArrives() {
    byte[] frame = ByteBuffer.allocate(1 << 20).putInt(100 * 1024 * 1024).array();
    // Doubling: each buffer is filled before the next, and all of them together are twice the last.
    assertThat(Allocation.of(() -> read(frame))).isLessThan(6L * frame.length);
  }

  @Test
  void lengthsWithinAFrameAreNotBelievedEither() throws IOException {
    byte[] returned =
        ByteBuffer.allocate(4 + 1 + 8 + 4 + 10)
            .putInt(1 + 8 + 4 + 10)
            .put((byte) 0x84)
            .putLong(1)
            .putInt(0x7fff_0000)
            .array();
    assertThatThrownBy(() -> read(returned))
        .isInstanceOf(ProtocolException.class)
        .hasMessageContaining("ends too early");
    assertThat(Allocation.of(() -> read(returned))).isLessThan(LITTLE);

    byte[] classes =
        ByteBuffer.allocate(4 + 1 + 4 + 4)
            .putInt(1 + 4 + 4)
            .put((byte) 0x01)
            .putInt(0)
            .putInt(100_000_000)
            .array();
    MessageReader<ToWorker> reader =
        MessageReader.atWorker(new ByteArrayInputStream(classes), MAX_FRAME);
    assertThatThrownBy(reader::read)
        .isInstanceOf(ProtocolException.class)
        .hasMessageContaining("more entries than it has bytes for");
  }

  @Test
  void nothingButMessagesRefusalsAndEarlyEndsComesOutOfNoise() throws IOException {
    Random random = new Random(79);
    byte[] sane =
        MessageFramesTest.bytes(
            MessageFramesTest.toHost()
                .filter(message -> !(message instanceof ToHost.Returned))
                .toArray(Message[]::new));
    long messages = 0;
    long refusals = 0;
    for (int round = 0; round < 50_000; round++) {
      byte[] hostile = mutated(sane, random);
      MessageReader<ToHost> reader =
          MessageReader.atHost(new ByteArrayInputStream(hostile), 1 << 20);
      try {
        while (reader.read() != null) {
          messages++;
        }
      } catch (ProtocolException | EOFException e) {
        refusals++;
      }
    }
    // The mutations reach both the inside of messages and what is between them.
    assertThat(messages).isGreaterThan(10_000);
    assertThat(refusals).isGreaterThan(10_000);
  }

  static byte[] mutated(byte[] sane, Random random) {
    byte[] bytes = sane.clone();
    int changes = 1 + random.nextInt(4);
    for (int i = 0; i < changes; i++) {
      int at = random.nextInt(bytes.length);
      switch (random.nextInt(4)) {
        case 0 -> bytes[at] = (byte) random.nextInt();
        case 1 -> bytes[at] ^= (byte) (1 << random.nextInt(8));
        case 2 -> bytes = Arrays.copyOf(bytes, at + 1);
        default -> {
          ByteArrayOutputStream doubled = new ByteArrayOutputStream();
          doubled.write(bytes, 0, at);
          doubled.write(bytes, random.nextInt(at + 1), Math.min(8, bytes.length - at));
          doubled.write(bytes, at, bytes.length - at);
          bytes = doubled.toByteArray();
        }
      }
    }
    return bytes;
  }

  private static void read(byte[] bytes) throws IOException {
    InputStream in = new ByteArrayInputStream(bytes);
    MessageReader.atHost(in, MAX_FRAME).read();
  }
}
