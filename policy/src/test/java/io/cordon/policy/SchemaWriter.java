package io.cordon.policy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;

/** Writes the JSON Schema that the table of the policy format amounts to. */
final class SchemaWriter {
  private final ObjectMapper json = new ObjectMapper();

  ObjectNode schema() {
    ObjectNode schema = json.createObjectNode();
    schema.put("$schema", "https://json-schema.org/draft/2020-12/schema");
    schema.put("$id", "urn:cordon:policy");
    schema.put("title", "Cordon policy of one tenant");
    ObjectNode root = section(PolicyFormat.TENANT_FILE);
    ObjectNode properties = (ObjectNode) root.get("properties");
    for (String shared : PolicyFormat.SHARED.valid()) {
      properties.set(
          shared, json.createObjectNode().put("$ref", "#/$defs/shared/properties/" + shared));
    }
    schema.setAll(root);
    schema.set("$defs", json.createObjectNode().set("shared", section(PolicyFormat.SHARED)));
    return schema;
  }

  private ObjectNode section(Section section) {
    ObjectNode schema = json.createObjectNode();
    schema.put("type", "object");
    schema.put("description", section.doc());
    ObjectNode properties = schema.putObject("properties");
    for (Entry entry : section.entries()) {
      switch (entry) {
        case Section inner when inner.supported() -> properties.set(inner.name(), section(inner));
        case Key<?> key -> properties.set(key.name(), key(key));
        case Section _, Unsupported _ -> {
          // What the parser refuses is simply no property.
        }
      }
    }
    if (!section.required().isEmpty()) {
      schema.set("required", json.valueToTree(section.required()));
    }
    schema.put("additionalProperties", false);
    return schema;
  }

  private <T> ObjectNode key(Key<T> key) {
    ObjectNode schema = json.createObjectNode();
    schema.put("description", key.doc() + ManualTable.rangeSentence(key));
    schema.setAll(syntax(key.syntax()));
    return schema;
  }

  private ObjectNode syntax(Syntax<?> syntax) {
    ObjectNode schema = json.createObjectNode();
    switch (syntax) {
      case Syntax.Amount amount when amount.scale().takesBareNumbers() -> {
        ArrayNode either = schema.putArray("anyOf");
        either.add(number(amount));
        either.add(string(amount));
      }
      case Syntax.Amount amount -> schema.setAll(string(amount));
      case Syntax.Word<?> word -> schema.set("enum", json.valueToTree(word.words().keySet()));
      case Syntax.Text text ->
          schema.put("type", "string").put("pattern", text.pattern().pattern());
      case Syntax.Indices _ -> {
        ArrayNode either = schema.putArray("anyOf");
        either.addObject().put("type", "integer").put("minimum", 0).put("maximum", IndexSet.MOST);
        either.addObject().put("type", "string").put("pattern", IndexSet.GRAMMAR.pattern());
      }
      case Rate rate -> schema.put("type", "string").put("pattern", rate.grammar().pattern());
      case Budget budget -> schema.put("type", "string").put("pattern", budget.grammar().pattern());
      case Syntax.Items<?> items -> {
        schema.put("type", "array").put("uniqueItems", true).put("maxItems", items.most());
        schema.set("items", syntax(items.item()));
      }
      case Overrides overrides -> {
        schema.put("type", "array").put("uniqueItems", true).put("maxItems", Overrides.MOST);
        schema.set("items", section(overrides.item()));
      }
    }
    return schema;
  }

  private ObjectNode number(Syntax.Amount amount) {
    BigDecimal one =
        BigDecimal.valueOf(
            amount.scale().units().stream()
                .filter(unit -> unit.suffix().isEmpty())
                .findFirst()
                .orElseThrow()
                .factor());
    ObjectNode schema = json.createObjectNode();
    schema.put("type", one.compareTo(BigDecimal.ONE) == 0 ? "integer" : "number");
    schema.put("minimum", BigDecimal.valueOf(amount.least()).divide(one));
    schema.put("maximum", BigDecimal.valueOf(amount.most()).divide(one));
    return schema;
  }

  private ObjectNode string(Syntax.Amount amount) {
    return json.createObjectNode()
        .put("type", "string")
        .put("pattern", amount.scale().grammar().pattern());
  }

  String text(JsonNode schema) {
    return schema.toPrettyString() + "\n";
  }
}
