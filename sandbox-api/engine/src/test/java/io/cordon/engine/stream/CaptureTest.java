package io.cordon.engine.stream;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.InputStream;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class CaptureTest {

  @Test
  void everyReaderSeesEverythingFromTheBeginningWhileItGrows() throws Exception {
    Capture capture = new Capture();
    CompletableFuture<byte[]> early = CompletableFuture.supplyAsync(() -> readAll(capture));
    for (int i = 0; i < 5000; i++) {
      capture.write(new byte[] {(byte) i, (byte) (i >> 8)}, 0, 2);
    }
    capture.end();

    assertThat(capture.captured()).hasSize(10_000);
    assertThat(early.get()).isEqualTo(capture.captured());
    assertThat(readAll(capture)).isEqualTo(capture.captured());
    assertThat(capture.reader().available()).isEqualTo(10_000);
  }

  @Test
  void theMeterLetsNoMoreThroughThanTheLimit() {
    long[] told = new long[1];
    OutputMeter meter = new OutputMeter(10, bytes -> told[0] = bytes);

    assertThat(meter.admit(8)).isEqualTo(8);
    assertThat(told[0]).isZero();
    assertThat(meter.admit(8)).isEqualTo(2);
    assertThat(told[0]).isEqualTo(16);
    assertThat(meter.admit(8)).isZero();
    assertThat(meter.bytes()).isEqualTo(24);
  }

  private static byte[] readAll(Capture capture) {
    try (InputStream reader = capture.reader()) {
      return reader.readAllBytes();
    } catch (java.io.IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
