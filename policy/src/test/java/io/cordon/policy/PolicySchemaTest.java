package io.cordon.policy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PolicySchemaTest {
  private final SchemaValidator schema = SchemaValidator.forTenants();
  private final SchemaValidator shared = SchemaValidator.forDefaultsAndCeilings();

  @Test
  void theShippedSchemaIsWhatTheParsersTableSays() throws IOException {
    SchemaWriter writer = new SchemaWriter();
    String expected = writer.text(writer.schema());
    Path copy = Files.writeString(Path.of("target", "policy.schema.json"), expected);

    assertThat(PolicySchema.json())
        .as("if the table was meant to change, copy %s to src/main/resources", copy)
        .isEqualTo(expected);
  }

  @Test
  void theManualsExamplesAreValid() throws IOException {
    assertThat(schema.complaints(ManualTest.examples().get(0))).isEmpty();
    assertThat(shared.complaints(ManualTest.examples().get(1))).isEmpty();
  }

  @Test
  void aTenantsFileNeedsItsNameAndTheOthersHaveNone() {
    assertThat(schema.complaints("tenant: acme")).isEmpty();
    assertThat(schema.complaints("task: {}")).isNotEmpty();
    assertThat(shared.complaints("task: {}")).isEmpty();
    assertThat(shared.complaints("tenant: acme")).isNotEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "sandbox: { memory.max: 1048576 }",
        "sandbox: { memory.max: 1048576.0 }",
        "sandbox: { memory.max: 1.5Gi, pids.max: 10k }",
        "sandbox: { memory.max: '1Gi', pids.max: '64' }",
        "sandbox: { cpu.max: 0.5 }",
        "sandbox: { cpu.max: 500m, disk.max: {} }",
        "task: { wall.max: 1.5s, onDeny: kill }",
        "isolation: { require: [], overrides: [] }",
        "sandbox: { io.max: {}, cpuset.cpus: 0, cpuset.mems: '0', memory.swap.max: 0 }",
        "sandbox: { io.max: { rbps: 20Mi, wiops: 100 }, cpuset.cpus: '0-3,8', io.weight: 10k }",
        "environment: []",
        "limits: { tasks.rate: 50/s, cpu.budget: 30min per 1h, tasks.queue: {} }",
        "limits: { tasks.rate: 1.5k/10min, cpu.budget: 1.5s per 1d, tasks.queue: { max: 0 } }",
      })
  void whatTheParserAcceptsTheSchemaAccepts(String yaml, @TempDir Path directory) {
    assertThat(new PolicyFiles(directory).acme(yaml).messages()).isEmpty();
    assertThat(schema.complaints("tenant: acme\n" + yaml)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "sandbox: { memory.mx: 1Gi }",
        "sandbox: { io.max: { rbps: 0 } }",
        "sandbox: { cpuset.cpus: 3-x }",
        "sandbox: { cpuset.cpus: [0] }",
        "sandbox: { cpu.weight: 10001 }",
        "network: { egress: [] }",
        "sandbox: { memory.max: 256m }",
        "sandbox: { memory.max: 256MB }",
        "sandbox: { memory.max: 1 }",
        "sandbox: { memory.max: -1Gi }",
        "sandbox: { memory.max: 1048576.5 }",
        "sandbox: { memory.max: [1Gi] }",
        "sandbox: { memory.max: }",
        "sandbox:",
        "sandbox: { cpu.max: 0.001 }",
        "sandbox: { pids.max: 4194305 }",
        "task: { wall.max: 5 }",
        "task: { wall.max: 5m }",
        "task: { onDeny: stop }",
        "isolation: { strategy: VM }",
        "isolation: { require: [seccomp, seccomp] }",
        "isolation: { overrides: [ { strategy: vm } ] }",
        "isolation: { overrides: [ { when: {}, strategy: vm } ] }",
        "environment: [ A=B ]",
        "environment: [ 1 ]",
        "limits: { tasks.rate: 50 }",
        "limits: { tasks.rate: 50/5 }",
        "limits: { cpu.budget: 30min }",
        "limits: { cpu.budget: 50% }",
        "limits: { tasks.queue: 100 }",
        "limits: { tasks.queue: { wait: 5 } }",
      })
  void whatBothCanSeeBothRefuse(String yaml, @TempDir Path directory) {
    assertThat(new PolicyFiles(directory).acme(yaml).messages()).isNotEmpty();
    assertThat(schema.complaints("tenant: acme\n" + yaml)).isNotEmpty();
  }
}
