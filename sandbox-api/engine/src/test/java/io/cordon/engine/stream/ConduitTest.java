package io.cordon.engine.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class ConduitTest {
  private final Conduit conduit = new Conduit();
  private final byte[] full = new byte[Conduit.CAPACITY];

  @Test
  void aFullBufferMakesTheWriterWaitUntilSomebodyReads() throws Exception {
    conduit.write(full, 0, full.length);
    Thread writer = blockedWriter();

    assertThat(conduit.reader().read(new byte[full.length])).isEqualTo(full.length);

    writer.join();
  }

  @Test
  void releaseAndCloseBothLetTheWriterGo() throws Exception {
    conduit.write(full, 0, full.length);
    Thread writer = blockedWriter();
    conduit.release();
    writer.join();
    assertThat(conduit.reader().available()).isEqualTo(full.length + 1);

    Conduit other = new Conduit();
    other.write(full, 0, full.length);
    CountDownLatch started = new CountDownLatch(1);
    Thread second =
        Thread.ofPlatform()
            .start(
                () -> {
                  started.countDown();
                  other.write(full, 0, 1);
                });
    started.await();
    other.reader().close();
    second.join();
    assertThatThrownBy(() -> other.reader().read()).isInstanceOf(IOException.class);
  }

  @Test
  void theReaderGetsEveryByteInOrderAndThenTheEnd() throws Exception {
    Thread writer =
        Thread.ofPlatform()
            .start(
                () -> {
                  for (int i = 1; i < 1000; i++) {
                    byte[] chunk = new byte[i];
                    Arrays.fill(chunk, (byte) i);
                    conduit.write(chunk, 0, chunk.length);
                  }
                  conduit.end();
                });
    InputStream reader = conduit.reader();
    for (int i = 1; i < 1000; i++) {
      byte[] chunk = reader.readNBytes(i);
      assertThat(chunk).hasSize(i).containsOnly((byte) i);
    }
    assertThat(reader.read()).isEqualTo(-1);
    writer.join();
  }

  private Thread blockedWriter() throws InterruptedException {
    Thread writer = Thread.ofPlatform().start(() -> conduit.write(full, 0, 1));
    while (writer.getState() != Thread.State.WAITING) {
      Thread.onSpinWait();
    }
    return writer;
  }
}
