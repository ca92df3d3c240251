package io.cordon.engine.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class CellStdinTest {

  private final CellStdin stdin = new CellStdin();

  @Test
  void writingWaitsForTheProgram() throws Exception {
    ByteArrayOutputStream program = new ByteArrayOutputStream();
    Thread writer = waiting(() -> stdin.write('x'));

    stdin.connect(program);

    writer.join();
    assertThat(program.toByteArray()).containsExactly((byte) 'x');
  }

  @Test
  void whatHasEndedTakesNothing() {
    stdin.disconnect();

    assertThatIOException().isThrownBy(() -> stdin.write('x')).withMessageContaining("has ended");
  }

  @Test
  void closingIsNoErrorForWhatHasEnded() throws IOException {
    stdin.disconnect();

    stdin.close();
  }

  /** A task that is cancelled while its application closes what it would have read. */
  @Test
  void norForWhatEndsBeforeItWasStarted() throws Exception {
    AtomicReference<Throwable> thrown = new AtomicReference<>();
    Thread closer = waiting(stdin::close);
    closer.setUncaughtExceptionHandler((_, e) -> thrown.set(e));

    stdin.disconnect();

    closer.join();
    assertThat(thrown).hasNullValue();
  }

  private interface Deed {
    void run() throws IOException;
  }

  /** A thread that does it, and has come to where it must wait. */
  private static Thread waiting(Deed deed) {
    Thread thread =
        Thread.ofPlatform()
            .start(
                () -> {
                  try {
                    deed.run();
                  } catch (IOException e) {
                    throw new IllegalStateException(e);
                  }
                });
    while (thread.getState() != Thread.State.WAITING) {
      Thread.onSpinWait();
    }
    return thread;
  }
}
