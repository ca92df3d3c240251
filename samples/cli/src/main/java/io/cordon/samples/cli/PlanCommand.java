package io.cordon.samples.cli;

import com.fasterxml.jackson.core.JsonGenerator;
import io.cordon.sandbox.Command;
import io.cordon.sandbox.EffectiveLimit;
import io.cordon.sandbox.Explanation;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code cordon plan}: what would be done to launch a program. */
@CommandLine.Command(
    name = "plan",
    description =
        "Prints how a program would be isolated and launched, step by step; runs nothing.",
    mixinStandardHelpOptions = true)
@SuppressWarnings("NullAway.Init") // picocli sets the fields
final class PlanCommand implements Callable<Integer> {
  private final Stdio stdio;

  @Mixin private TenantOptions options;
  @Mixin private JsonOption json;

  @Parameters(
      paramLabel = "CMD",
      arity = "1..*",
      description = "The program and its arguments, after '--'.")
  private List<String> arguments;

  PlanCommand(Stdio stdio) {
    this.stdio = stdio;
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    return options.open(
        json.reporter(stdio),
        tenant -> {
          Explanation explanation = tenant.explain(Command.of(arguments));
          if (json.json) {
            writeJson(explanation);
          } else {
            print(explanation);
          }
          boolean refused = explanation.plan().isEmpty();
          return (refused ? ExitStatus.REFUSED : ExitStatus.OK).status();
        });
  }

  private void print(Explanation explanation) throws IOException {
    stdio.println(
        "strategy "
            + explanation.isolation().strategy()
            + ", limits by "
            + explanation.isolation().tier());
    for (String reason : explanation.isolation().reasons()) {
      stdio.println("  because " + Printable.line(reason));
    }
    for (EffectiveLimit each : explanation.limits()) {
      stdio.println(
          "  %s: %s, decided by the %s"
              .formatted(
                  each.limit().key(), each.limit().format(each.value()), level(each.decidedBy())));
    }
    int step = 0;
    for (String line : explanation.plan()) {
      stdio.println("%3d  %s".formatted(++step, Printable.line(line)));
    }
  }

  private static String level(EffectiveLimit.Level level) {
    return level.name().toLowerCase(Locale.ROOT);
  }

  private static void limits(JsonGenerator json, List<EffectiveLimit> limits) throws IOException {
    json.writeArrayFieldStart("limits");
    for (EffectiveLimit each : limits) {
      json.writeStartObject();
      json.writeStringField("limit", each.limit().key());
      json.writeNumberField("value", each.value());
      json.writeStringField("decidedBy", level(each.decidedBy()));
      json.writeEndObject();
    }
    json.writeEndArray();
  }

  private void writeJson(Explanation explanation) throws IOException {
    Json.write(
        stdio.out(),
        json -> {
          json.writeStringField("strategy", explanation.isolation().strategy());
          json.writeStringField("tier", explanation.isolation().tier());
          JsonReporter.strings(json, "reasons", explanation.isolation().reasons());
          JsonReporter.layers(json, explanation.isolation().layers());
          limits(json, explanation.limits());
          JsonReporter.strings(json, "plan", explanation.plan());
        });
  }
}
