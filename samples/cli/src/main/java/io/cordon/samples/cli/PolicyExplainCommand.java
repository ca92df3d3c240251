package io.cordon.samples.cli;

import io.cordon.policy.PolicyDirectory;
import io.cordon.policy.PolicyExplanation.Value;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code cordon policy explain}: what is in force for a tenant, and why. */
@CommandLine.Command(
    name = "explain",
    description = "Prints the effective policy of a tenant, and where each value comes from.",
    mixinStandardHelpOptions = true)
@SuppressWarnings("NullAway.Init") // picocli sets the fields
final class PolicyExplainCommand implements Callable<Integer> {
  private final Stdio stdio;

  @Mixin private JsonOption json;

  @Option(
      names = "--policies",
      paramLabel = "DIR",
      required = true,
      description = "The directory with one policy file per tenant.")
  private Path policies;

  @Parameters(paramLabel = "TENANT", description = "The tenant.")
  private String tenant;

  PolicyExplainCommand(Stdio stdio) {
    this.stdio = stdio;
  }

  @Override
  public Integer call() throws IOException {
    List<Value> values = PolicyDirectory.of(policies).explain(tenant).values();
    if (json.json) {
      writeJson(values);
    } else {
      print(values);
    }
    return ExitStatus.OK.status();
  }

  private void print(List<Value> values) throws IOException {
    int width =
        values.stream().mapToInt(v -> v.key().length() + v.value().length() + 2).max().orElse(0);
    for (Value value : values) {
      String setting = value.key() + ": " + value.value();
      stdio.println(
          Printable.line(setting)
              + " ".repeat(Math.max(0, width - setting.length()))
              + "  # "
              + Printable.line(value.origin().toString()));
    }
  }

  private void writeJson(List<Value> values) throws IOException {
    Json.write(
        stdio.out(),
        json -> {
          json.writeStringField("tenant", tenant);
          json.writeArrayFieldStart("values");
          for (Value value : values) {
            json.writeStartObject();
            json.writeStringField("key", value.key());
            json.writeStringField("value", value.value());
            json.writeStringField("origin", value.origin().toString());
            json.writeEndObject();
          }
          json.writeEndArray();
        });
  }
}
