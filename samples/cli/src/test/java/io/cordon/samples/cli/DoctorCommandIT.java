package io.cordon.samples.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.cordon.samples.cli.CordonProcess.Result;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DoctorCommandIT {
  @TempDir Path scratch;

  @Test
  void everyLayerIsPresentAdvisoryOrMissing() throws Exception {
    Result words = new CordonProcess(scratch).run("doctor");
    assertThat(words.status()).isZero();
    assertThat(words.stderr()).isEmpty();
    assertThat(words.stdout()).contains("process: usable, limits by ");

    Result result = new CordonProcess(scratch).run("doctor", "--json");
    JsonNode process = result.json().at("/strategies/0");
    assertThat(process.get("name").asText()).isEqualTo("process");
    assertThat(process.get("layers")).isNotEmpty();
    for (JsonNode layer : process.get("layers")) {
      assertThat(layer.get("state").asText()).isIn("in-force", "advisory", "missing");
      assertThat(words.stdout()).contains(layer.get("name").asText());
      if (!layer.get("state").asText().equals("in-force")) {
        assertThat(layer.get("remedy").asText()).as(layer.toString()).isNotEmpty();
      }
    }
  }

  @Test
  void whatASandboxCostsHereIsMeasuredWhenAskedFor() throws Exception {
    Result result = new CordonProcess(scratch).run("doctor", "--measure", "--json");
    JsonNode process = result.json().at("/strategies/0");
    assertThat(process.get("usable").asBoolean()).isTrue();
    assertThat(process.get("startMicros").asLong()).isPositive();
    assertThat(process.get("firstMillis").asLong()).isPositive();
    assertThat(process.get("callMicros").asLong()).isPositive();
  }
}
