package io.cordon.samples.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What needs no sandbox: wrong command lines, and policies. */
class CommandLineTest {
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  @TempDir Path policies;

  private int cordon(String... arguments) {
    Stdio stdio =
        new Stdio(
            InputStream.nullInputStream(), true, out, new PrintStream(err, true, UTF_8), false);
    return new Cordon(stdio).execute(arguments);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "walk",
        "run",
        "run --policies x --tenant acme",
        "run --tenant acme -- /bin/true",
        "run --policies x --tenant acme --strategy jail -- /bin/true",
        "run --policies x --tenant acme --input /no/such/file -- /bin/true",
        "run --policies x --tenant acme --root /no/such/directory -- /bin/true",
        "script --policies x --tenant acme --language cobol f",
        "policy",
      })
  void aWrongCommandLineIsOneLineAndTheStatus2(String line) {
    assertThat(cordon(line.isEmpty() ? new String[0] : line.split(" "))).isEqualTo(2);
    assertThat(err.toString(UTF_8)).matches("cordon: .*--help'\\)\n");
    assertThat(out.toString(UTF_8)).isEmpty();
  }

  @Test
  void aWrongCommandLineIsToldInJsonToo() throws IOException {
    assertThat(cordon("run", "--json", "--tenant", "acme", "--", "/bin/true")).isEqualTo(2);
    JsonNode json = new ObjectMapper().readTree(out.toByteArray());
    assertThat(json.get("outcome").asText()).isEqualTo("usage-error");
    assertThat(json.at("/error/reason").asText()).contains("--policies=DIR");
    assertThat(err.toString(UTF_8)).isEmpty();
  }

  @Test
  void theGuestsOwnOptionsAreNotOurs() {
    assertThat(cordon("run", "--tenant", "acme", "--", "ls", "--json")).isEqualTo(2);
    assertThat(out.toString(UTF_8)).isEmpty();
    assertThat(err.toString(UTF_8)).contains("--policies=DIR");
  }

  @Test
  void helpNamesEveryExitStatus() {
    assertThat(cordon("--help")).isZero();
    for (ExitStatus status : ExitStatus.values()) {
      if (status != ExitStatus.OK) {
        assertThat(out.toString(UTF_8)).containsPattern("\\b" + status.status() + "\\b");
      }
    }
  }

  @Test
  void checkPrintsEveryProblemWithItsPlace() throws IOException {
    Files.writeString(policies.resolve("good.yaml"), "tenant: good\n");
    Files.writeString(policies.resolve("bad.yaml"), "tenant: bad\nsandbox: {memory.mox: 1Gi}\n");
    assertThat(cordon("policy", "check", policies.toString())).isEqualTo(1);
    assertThat(out.toString(UTF_8)).contains("bad.yaml:2:").contains("good.yaml: ok");
  }

  @Test
  void checkTakesTheFileOfOneTenant() throws IOException {
    Path file = Files.writeString(policies.resolve("good.yaml"), "tenant: good\n");
    Files.writeString(policies.resolve("bad.yaml"), "nonsense");
    assertThat(cordon("policy", "check", "--json", file.toString())).isZero();
    assertThat(new ObjectMapper().readTree(out.toByteArray()).at("/ok/0").asText())
        .endsWith("/good.yaml");
  }

  @Test
  void checkSeesSharedFilesAndMisnamedOnes() throws IOException {
    Path good = Files.writeString(policies.resolve("good.yaml"), "tenant: good\n");
    Path ceiling = Files.writeString(policies.resolve("ceiling.yaml"), "sandbox: {memory.mox: 1}");
    Files.writeString(policies.resolve("other.yml"), "tenant: other\n");
    assertThat(cordon("policy", "check", policies.toString())).isEqualTo(1);
    assertThat(out.toString(UTF_8)).contains("ceiling.yaml:1:", "other.yml:1:", "good.yaml: ok");
    out.reset();
    assertThat(cordon("policy", "check", ceiling.toString())).isEqualTo(1);
    assertThat(out.toString(UTF_8)).contains("ceiling.yaml:1:").doesNotContain("other.yml");
    out.reset();
    assertThat(cordon("policy", "check", good.toString())).as("it is used with it").isEqualTo(1);
    assertThat(out.toString(UTF_8)).contains("ceiling.yaml:1:").doesNotContain("other.yml");
    out.reset();
    assertThat(cordon("policy", "check", policies.resolve("none.yaml").toString())).isEqualTo(1);
    assertThat(out.toString(UTF_8)).contains("none.yaml:1:1: ", "no such file");
  }

  @Test
  void checkOfAFileSeesThatItsMisnamedTwinKeepsItFromBeingUsed() throws IOException {
    Path good = Files.writeString(policies.resolve("good.yaml"), "tenant: good\n");
    Files.writeString(policies.resolve("good.yml"), "tenant: good\n");
    assertThat(cordon("policy", "check", good.toString())).isEqualTo(1);
    assertThat(out.toString(UTF_8)).contains("good.yml:1:");
  }

  @Test
  void explainSaysWhereEachValueComesFrom() throws IOException {
    Files.writeString(policies.resolve("acme.yaml"), "tenant: acme\nsandbox: {memory.max: 1Gi}\n");
    Files.writeString(policies.resolve("ceiling.yaml"), "sandbox: {memory.max: 512Mi}\n");
    assertThat(cordon("policy", "explain", "--policies", policies.toString(), "acme")).isZero();
    assertThat(out.toString(UTF_8))
        .containsPattern("sandbox\\.memory\\.max: 512Mi +# ceiling\\.yaml:1 cuts acme\\.yaml:2")
        .containsPattern("sandbox\\.pids\\.max: \\d+ +# built in");
  }

  @Test
  void aTenantWithoutAPolicyIsRefused() throws IOException {
    String[] run = {
      "run", "--json", "--policies", policies.toString(), "--tenant", "nobody", "true"
    };
    assertThat(cordon(run)).isEqualTo(ExitStatus.REFUSED.status());
    JsonNode json = new ObjectMapper().readTree(out.toByteArray());
    assertThat(json.get("outcome").asText()).isEqualTo("refused");
    assertThat(json.at("/error/code").asText()).isEqualTo("unknown-tenant");
  }
}
