package io.cordon.policy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class PolicySchemaTest {

  @Test
  void theShippedSchemaIsWhatTheParsersTableSays() throws IOException {
    SchemaWriter writer = new SchemaWriter();
    String expected = writer.text(writer.schema());
    Path copy = Files.writeString(Path.of("target", "policy.schema.json"), expected);

    assertThat(PolicySchema.json())
        .as("if the table was meant to change, copy %s to src/main/resources", copy)
        .isEqualTo(expected);
  }
}
