package io.cordon.vm;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.SequenceInputStream;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A guest that does nothing is waited for no longer than it may be. */
@Timeout(30)
class DeadlineTest {
  private static final Duration SOON = Duration.ofMillis(20);
  private static final Duration LATE = Duration.ofHours(1);
  private static final byte[] GREETING = "ready".getBytes(US_ASCII);

  private final CountDownLatch killed = new CountDownLatch(1);

  @Test
  void whatTakesTooLongIsEnded() throws Exception {
    try (Deadline deadline = new Deadline(SOON, killed::countDown)) {
      assertThat(killed.await(20, TimeUnit.SECONDS)).isTrue();
      assertThat(deadline.met()).isFalse();
    }
  }

  @Test
  void whatIsInTimeIsLeftAlone() {
    try (Deadline deadline = new Deadline(LATE, killed::countDown)) {
      assertThat(deadline.met()).isTrue();
      assertThat(deadline.met()).as("asked once more").isTrue();
    }
    assertThat(killed.getCount()).isOne();
  }

  @Test
  void programThatNeverSaysItsFirstWordsIsEnded() {
    assertThatThrownBy(() -> VmWorkshop.hear(said(""), GREETING, SOON, killed::countDown))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("was not there after " + SOON);
  }

  @Test
  void programThatSaysHalfOfThemIsEnded() {
    assertThatThrownBy(() -> VmWorkshop.hear(said("rea"), GREETING, SOON, killed::countDown))
        .hasMessageContaining("was not there after " + SOON);
  }

  @Test
  void programThatSaysThemIsLeftAlone() throws IOException {
    VmWorkshop.hear(said("ready, and more"), GREETING, LATE, killed::countDown);
    assertThat(killed.getCount()).isOne();
  }

  @Test
  void programThatSaysAnythingElseIsRefused() {
    assertThatThrownBy(() -> VmWorkshop.hear(said("error"), GREETING, LATE, killed::countDown))
        .hasMessageContaining("not said what it was to say first");
  }

  /** What a program says that then says nothing more, until it is killed. */
  private InputStream said(String text) {
    InputStream words = new ByteArrayInputStream(text.getBytes(US_ASCII));
    InputStream silence =
        new InputStream() {
          @Override
          public int read() throws IOException {
            awaitKill();
            return -1;
          }

          @Override
          public int read(byte[] into, int offset, int length) throws IOException {
            return read();
          }
        };
    return new SequenceInputStream(words, silence);
  }

  private void awaitKill() throws IOException {
    try {
      killed.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException();
    }
  }
}
