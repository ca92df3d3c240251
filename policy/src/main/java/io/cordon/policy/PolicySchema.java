package io.cordon.policy;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Objects;

/**
 * The JSON Schema of policy files, for editors: {@code io/cordon/policy/policy.schema.json} in this
 * module's jar. A tenant's file follows the schema itself, {@code defaults.yaml} and {@code
 * ceiling.yaml} follow its {@code #/$defs/shared}.
 *
 * <p>The parser accepts nothing that the schema refuses, and is stricter where a schema can't be:
 * units and ranges of amounts, and the tenant's name being that of the file.
 */
public final class PolicySchema {
  private PolicySchema() {}

  /** The schema, in the JSON of draft 2020-12. */
  public static String json() {
    try (InputStream schema = PolicySchema.class.getResourceAsStream("policy.schema.json")) {
      return new String(Objects.requireNonNull(schema).readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
