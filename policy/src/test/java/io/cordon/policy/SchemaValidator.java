package io.cordon.policy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.schema.CoreSchema;

/** Looks at policy files as an editor does: through the shipped JSON Schema alone. */
final class SchemaValidator {
  private final ObjectMapper json = new ObjectMapper();
  private final Schema schema;

  private SchemaValidator(String pointer) {
    try {
      JsonNode whole = json.readTree(PolicySchema.json());
      this.schema =
          SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
              .getSchema(whole.at(pointer));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static SchemaValidator forTenants() {
    return new SchemaValidator("");
  }

  static SchemaValidator forDefaultsAndCeilings() {
    return new SchemaValidator("/$defs/shared");
  }

  /** What the schema has against a file; nothing if it is right. */
  List<String> complaints(String yaml) {
    LoadSettings settings = LoadSettings.builder().setSchema(new CoreSchema()).build();
    try {
      JsonNode instance = json.valueToTree(withWords(new Load(settings).loadFromString(yaml)));
      return schema.validate(instance).stream().map(Object::toString).toList();
    } catch (YamlEngineException e) {
      return List.of("no YAML: " + e.getMessage()); // Lists as keys, for one.
    }
  }

  /** JSON has no keys but strings. */
  private static @Nullable Object withWords(@Nullable Object value) {
    return switch (value) {
      case Map<?, ?> map -> {
        Map<String, @Nullable Object> words = new LinkedHashMap<>();
        map.forEach((key, inner) -> words.put(String.valueOf(key), withWords(inner)));
        yield words;
      }
      case List<?> list -> list.stream().map(SchemaValidator::withWords).toList();
      case null -> null;
      default -> value;
    };
  }
}
