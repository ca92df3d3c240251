package io.cordon.samples.pluginhost;

import com.fasterxml.jackson.databind.JsonNode;
import io.cordon.policy.Limit;
import java.io.PrintStream;
import java.time.Duration;
import java.util.Locale;

/** Prints responses as a table, a line for each as it comes. */
final class ResultTable {
  private static final String LINE = "%-8s %-13s %-18s %-40s %9s %9s %9s%n";

  private final PrintStream out;

  ResultTable(PrintStream out) {
    this.out = out;
  }

  void header() {
    out.printf(LINE, "TENANT", "PLUGIN", "ISOLATION", "OUTCOME", "CPU", "MEMORY", "TIME");
  }

  void row(PluginId id, JsonNode response, boolean asExpected) {
    JsonNode task = response.path("task");
    out.printf(
        LINE,
        id.tenant(),
        id.plugin(),
        Printable.line(task.path("strategy").asText("-") + "/" + task.path("tier").asText("-")),
        Printable.line(outcome(response)),
        task.has("cpuMicros") ? Figures.time(micros(task, "cpuMicros")) : "-",
        task.has("memoryPeakBytes") ? Figures.bytes(task.get("memoryPeakBytes").asLong()) : "-",
        task.has("wallMicros") ? Figures.time(micros(task, "wallMicros")) : "-");
    if (!asExpected) {
      out.println("  not as it should be: " + Printable.line(response.toString()));
    }
    out.flush();
  }

  private static String outcome(JsonNode response) {
    if (response.has("result")) {
      return "succeeded";
    }
    JsonNode limit = response.path("limit");
    return limit.isObject()
        ? "stopped at %s %s (%s)"
            .formatted(
                limit.path("name").asText(),
                Figures.text(
                    limit.path("allowed").asLong(),
                    Limit.Unit.valueOf(limit.path("unit").asText())),
                limit.path("evidence").asText().toLowerCase(Locale.ROOT))
        : response.path("title").asText() + ": " + response.path("detail").asText();
  }

  private static Duration micros(JsonNode task, String field) {
    return Duration.ofNanos(task.get(field).asLong() * 1_000);
  }
}
