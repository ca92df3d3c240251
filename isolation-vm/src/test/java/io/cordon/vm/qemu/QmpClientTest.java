package io.cordon.vm.qemu;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cordon.process.kernel.Kernel;
import io.cordon.process.kernel.StreamSocket;
import io.cordon.process.plan.Architecture;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.Test;

class QmpClientTest {
  private static final Duration LONG = Duration.ofSeconds(20);
  private static final Duration SHORT = Duration.ofMillis(50);
  private static final String GREETING = "{\"QMP\": {\"version\": {}, \"capabilities\": []}}\r\n";
  private static final String READY = "{\"return\": {}, \"id\": 1}\r\n";

  private static final Kernel KERNEL =
      Kernel.bind(Architecture.of("amd64").orElseThrow().systemCalls());

  private final BlockingQueue<String> said = new LinkedBlockingQueue<>();
  private final BlockingQueue<String> events = new LinkedBlockingQueue<>();

  /** Answers each line that is read with the next of these; the first greets. */
  private QmpClient connect(String... answers) throws IOException {
    Kernel.Connection connection = KERNEL.connection();
    Thread.ofPlatform()
        .daemon()
        .start(() -> serve(KERNEL.stream(connection.other()), List.of(answers)));
    return QmpClient.over(connection.host(), event -> events.add(event.name()));
  }

  private void serve(StreamSocket socket, List<String> answers) {
    try (socket;
        var in = new BufferedReader(new InputStreamReader(socket.input(), UTF_8))) {
      for (String answer : answers) {
        socket.output().write(answer.getBytes(UTF_8));
        String line = in.readLine();
        if (line == null) {
          return;
        }
        said.add(line);
      }
    } catch (IOException e) {
      // the client has gone before all was said, as it does when it is told nonsense
    }
  }

  @Test
  void commandsAreAnswered() throws Exception {
    try (QmpClient client =
        connect(GREETING, READY, "{\"return\": {\"running\": true}, \"id\": 2}\n", "")) {
      assertThat(client.execute("query-status", Map.of(), LONG).path("running").asBoolean())
          .isTrue();
    }
    assertThat(said.take()).isEqualTo("{\"execute\":\"qmp_capabilities\",\"id\":1}");
    assertThat(said.take()).isEqualTo("{\"execute\":\"query-status\",\"id\":2}");
  }

  @Test
  void argumentsAreSent() throws Exception {
    try (QmpClient client = connect(GREETING, READY, "{\"return\": {}, \"id\": 2}\n", "")) {
      client.execute("migrate", Map.of("uri", "unix:\"x\""), LONG);
    }
    said.take();
    assertThat(said.take())
        .isEqualTo("{\"execute\":\"migrate\",\"arguments\":{\"uri\":\"unix:\\\"x\\\"\"},\"id\":2}");
  }

  @Test
  void refusalNamesTheCommandAndTheReason() throws IOException {
    String error = "{\"error\": {\"class\": \"GenericError\", \"desc\": \"no such\"}, \"id\": 2}\n";
    try (QmpClient client = connect(GREETING, READY, error, "")) {
      assertThatThrownBy(() -> client.execute("fly", Map.of(), LONG))
          .isInstanceOf(QmpException.class)
          .hasMessageContaining("fly")
          .hasMessageContaining("no such");
    }
  }

  @Test
  void eventsAreToldBetweenAnswers() throws Exception {
    String event = "{\"event\": \"STOP\", \"timestamp\": {}}\n";
    try (QmpClient client = connect(GREETING, event + READY, "")) {
      assertThat(events.take()).isEqualTo("STOP");
      assertThat(client).isNotNull();
    }
  }

  @Test
  void answerThatDoesNotComeIsNotWaitedForForEver() throws IOException {
    try (QmpClient client = connect(GREETING, READY, "", "")) {
      assertThatThrownBy(() -> client.execute("stop", Map.of(), SHORT))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("did not answer")
          .hasMessageContaining("stop");
    }
  }

  @Test
  void answerToNobodyIsDropped() throws IOException {
    String stray = "{\"return\": {\"n\": 1}, \"id\": 99}\n{\"return\": {}, \"id\": \"x\"}\n";
    try (QmpClient client =
        connect(GREETING, READY, stray + "{\"return\": {\"n\": 2}, \"id\": 2}\n", "")) {
      assertThat(client.execute("stop", Map.of(), LONG).path("n").asInt()).isEqualTo(2);
    }
  }

  @Test
  void whatIsNotOfTheProtocolEndsTheConversation() throws IOException {
    for (String line :
        List.of(
            "no json\n",
            "[1]\n",
            "{}\n",
            "\n",
            "[".repeat(5000) + "\n",
            "{\"return\": " + "9".repeat(1000) + ", \"id\": 2}\n",
            "{\"return\": \"" + "x".repeat(300 << 10) + "\", \"id\": 2}\n")) {
      try (QmpClient client = connect(GREETING, READY, line, "")) {
        assertThatThrownBy(() -> client.execute("stop", Map.of(), LONG))
            .as(line.substring(0, Math.min(20, line.length())))
            .isInstanceOf(IOException.class)
            .hasMessageContaining("ended");
        assertThatThrownBy(() -> client.execute("cont", Map.of(), LONG))
            .isInstanceOf(IOException.class);
      }
    }
  }

  @Test
  void waitingCommandFailsWhenQemuIsGone() throws IOException {
    try (QmpClient client = connect(GREETING, READY)) {
      assertThatThrownBy(() -> client.execute("quit", Map.of(), LONG))
          .isInstanceOf(IOException.class);
    }
  }
}
