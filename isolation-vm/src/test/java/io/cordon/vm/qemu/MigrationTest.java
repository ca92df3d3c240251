package io.cordon.vm.qemu;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cordon.process.kernel.Kernel;
import io.cordon.process.kernel.StreamSocket;
import io.cordon.process.plan.Architecture;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class MigrationTest {
  private static final Duration LONG = Duration.ofSeconds(30);
  private static final Kernel KERNEL =
      Kernel.bind(Architecture.of("amd64").orElseThrow().systemCalls());

  @Test
  void aQemuThatDiesOnTheWayIsNotWaitedFor() throws IOException {
    Kernel.Connection connection = KERNEL.connection();
    Thread.ofPlatform().daemon().start(() -> agreeAndDie(KERNEL.stream(connection.other())));
    Migration coming = new Migration();
    try (QmpClient client = QmpClient.over(connection.host(), coming::hear)) {
      coming.from(client, 7);

      assertThatThrownBy(() -> coming.await(LONG))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("the conversation with QEMU ended");
    }
  }

  /** To the capabilities of both, and to the migration; and says nothing of its end. */
  private static void agreeAndDie(StreamSocket socket) {
    try (socket;
        var in = new BufferedReader(new InputStreamReader(socket.input(), UTF_8))) {
      for (int id = 1; id <= 3 && in.readLine() != null; id++) {
        socket.output().write("{\"return\": {}, \"id\": %d}\n".formatted(id).getBytes(UTF_8));
      }
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
