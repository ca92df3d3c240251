package io.cordon.engine;

import static io.cordon.engine.TestPolicy.generous;
import static org.assertj.core.api.Assertions.assertThat;

import io.cordon.engine.plain.PlainStrategy;
import io.cordon.sandbox.Command;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(300)
class LeftoversIT {

  @Test
  void fiveHundredSandboxesOpenedAndClosedLeaveNothing() {
    cycle(20);
    long threads = threads();
    long descriptors = descriptors();

    cycle(500);

    while (threads() > threads) {
      // A task's thread has told the outcome, and takes a moment to be gone: the timeout is the
      // test.
      Thread.onSpinWait();
    }
    assertThat(descriptors()).isLessThanOrEqualTo(descriptors);
  }

  private static void cycle(int times) {
    for (int i = 0; i < times; i++) {
      PlainStrategy strategy;
      try (var engine = new TestEngine(generous())) {
        strategy = engine.strategy();
        engine.acme().run(Command.of("true"));
        // Still running when the sandboxes are closed.
        engine.acme().submit(Command.of("sleep", "1000"));
      }
      assertThat(strategy.cells()).isEmpty();
    }
  }

  private static long threads() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().startsWith("cordon"))
        .count();
  }

  private static long descriptors() {
    try (Stream<Path> open = Files.list(Path.of("/proc/self/fd"))) {
      return open.count();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }
}
