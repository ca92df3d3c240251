package io.cordon.samples.pluginhost;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.cordon.policy.Limit;
import io.cordon.sandbox.Outcome;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class ResultTableTest {
  private final ObjectMapper json = new ObjectMapper();

  @Test
  void putsAResultInOneLine() {
    Outcome<String> outcome = Outcomes.succeeded(Duration.ofMillis(1_240), 96L << 20);
    JsonNode response =
        json.valueToTree(new PluginResult(TaskSummary.of(Outcomes.PLUGIN, outcome), "value"));

    assertThat(row(response, true))
        .matches("shop +invoice +process/cgroup-v2 +succeeded +1\\.24 s +96 MiB +40 ms\n");
  }

  @Test
  void namesTheLimitAndWhoSaysSo() {
    JsonNode response =
        json.valueToTree(Problem.of(Outcomes.PLUGIN, Outcomes.exceeded(Limit.PIDS)));

    assertThat(row(response, true)).contains("stopped at pids.max 10 (kernel)");
  }

  @Test
  void aGuestCannotActUponTheTerminal() {
    Outcome<String> hostile = Outcomes.failed("\u001b[2Jgone\r\nSUCCEEDED \u009b1m \u202egnp.exe");
    JsonNode response = json.valueToTree(Problem.of(Outcomes.PLUGIN, hostile));

    String row = row(response, false);

    assertThat(row).contains("\\u001b[2Jgone\\u000d\\u000aSUCCEEDED \\u009b1m \\u202egnp.exe");
    assertThat(row.lines()).hasSize(2);
    assertThat(row.replace("\n", "").codePoints()).allMatch(c -> c >= ' ' && c <= '~');
  }

  private static String row(JsonNode response, boolean asExpected) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    new ResultTable(new PrintStream(bytes, true, UTF_8)).row(Outcomes.PLUGIN, response, asExpected);
    return bytes.toString(UTF_8);
  }
}
