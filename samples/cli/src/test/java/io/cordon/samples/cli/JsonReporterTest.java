package io.cordon.samples.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.cordon.sandbox.Outcome;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class JsonReporterTest {
  private final ObjectMapper mapper =
      new ObjectMapper().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final JsonReporter reporter = new JsonReporter(out);

  static List<Outcome<?>> outcomes() {
    return Outcomes.all();
  }

  @ParameterizedTest
  @MethodSource("outcomes")
  void everyOutcomeHasTheSameMembersAsAFailure(Outcome<?> outcome) throws IOException {
    reporter.ended(outcome);
    List<String> members = members(json());
    out.reset();
    new JsonReporter(out).failed(Failure.usage("wrong"));
    assertThat(members).isEqualTo(members(json())).contains("outcome", "limit", "error");
  }

  @ParameterizedTest
  @MethodSource("outcomes")
  void itIsPlainAsciiWhateverTheGuestSays(Outcome<?> outcome) throws IOException {
    reporter.stdout().write(Outcomes.HOSTILE.getBytes(UTF_8));
    reporter.ended(outcome);
    assertThat(out.toString(UTF_8)).matches("[\\n\\x20-\\x7e]+");
    assertThat(json().get("stdout").asText()).isEqualTo(Outcomes.HOSTILE);
  }

  @Test
  void aLimitIsToldWithItsFigures() throws IOException {
    reporter.ended(Outcomes.all().get(1));
    JsonNode json = json();
    assertThat(json.get("outcome").asText()).isEqualTo("limit-exceeded");
    assertThat(json.get("limit").asText()).isEqualTo("memory.max");
    assertThat(json.get("observed").asLong()).isEqualTo(268_435_456);
    assertThat(json.get("unit").asText()).isEqualTo("bytes");
    assertThat(json.get("evidence").asText()).isEqualTo("kernel");
    assertThat(json.get("exitStatus").isNull()).isTrue();
    assertThat(json.get("trips")).hasSize(1);
    assertThat(json.at("/trips/0/effect").asText()).isEqualTo("kill");
    assertThat(json.at("/layers/0/state").asText()).isEqualTo("in-force");
    assertThat(json.at("/usage/memoryPeakBytes").asLong()).isEqualTo(4096);
  }

  @Test
  void aStreamIsKeptUpToAMebibyteAndTheCutIsTold() throws IOException {
    byte[] block = "x".repeat(1000).getBytes(UTF_8);
    for (int i = 0; i < 2000; i++) {
      reporter.stdout().write(block);
    }
    reporter.stderr().write(block);
    reporter.ended(Outcomes.succeeded());
    assertThat(json().get("stdout").asText()).hasSize(1 << 20);
    assertThat(json().get("stdoutTruncated").asBoolean()).isTrue();
    assertThat(json().get("stderrTruncated").asBoolean()).isFalse();
  }

  @Test
  void whatIsNotUtf8IsReplaced() throws IOException {
    reporter.stdout().write(new byte[] {'a', (byte) 0xff, 'b'});
    reporter.ended(Outcomes.succeeded());
    assertThat(json().get("stdout").asText()).isEqualTo("a\ufffdb");
  }

  private JsonNode json() throws IOException {
    return mapper.readTree(out.toByteArray());
  }

  private static List<String> members(JsonNode json) {
    List<String> names = new ArrayList<>();
    json.fieldNames().forEachRemaining(names::add);
    return names;
  }
}
