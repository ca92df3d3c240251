package io.cordon.samples.cli;

import io.cordon.sandbox.HostReport;
import io.cordon.sandbox.HostReport.StrategyReport;
import io.cordon.sandbox.Layer;
import io.cordon.sandbox.Sandboxes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code cordon doctor}: what this host offers. */
@CommandLine.Command(
    name = "doctor",
    description = {
      "Says which layers of isolation this host has, and what would add those that it lacks.",
      "",
      "Each is probed by really launching a sandbox. The status is 1 if nothing can be isolated."
    },
    mixinStandardHelpOptions = true)
@SuppressWarnings("NullAway.Init") // picocli sets the fields
final class DoctorCommand implements Callable<Integer> {
  private final Stdio stdio;

  @Mixin private JsonOption json;

  @Option(
      names = "--measure",
      description = "Also measure what a sandbox costs here; takes some seconds.")
  private boolean measure;

  DoctorCommand(Stdio stdio) {
    this.stdio = stdio;
  }

  @Override
  public Integer call() throws IOException {
    Path noPolicies = Files.createTempDirectory("cordon-doctor");
    try (Sandboxes sandboxes =
        Sandboxes.builder(noPolicies).progress(json.reporter(stdio)::progress).open()) {
      HostReport host = sandboxes.host();
      Map<String, Measurement> costs = measure ? measure(host) : Map.of();
      if (json.json) {
        writeJson(host, costs);
      } else {
        print(host, costs);
      }
      boolean usable = host.strategies().stream().anyMatch(StrategyReport::usable);
      return (usable ? ExitStatus.OK : ExitStatus.FAILED).status();
    } finally {
      Files.delete(noPolicies);
    }
  }

  private Map<String, Measurement> measure(HostReport host) throws IOException {
    Map<String, Measurement> costs = new LinkedHashMap<>();
    for (StrategyReport strategy : host.strategies()) {
      if (strategy.usable()) {
        costs.put(strategy.name(), Measurement.of(strategy.name(), json.reporter(stdio)::progress));
      }
    }
    return costs;
  }

  private void print(HostReport host, Map<String, Measurement> costs) throws IOException {
    stdio.println(
        "Linux %s, %s, Java %s, uid %s"
            .formatted(
                System.getProperty("os.version"),
                System.getProperty("os.arch"),
                Runtime.version(),
                uid()));
    for (StrategyReport strategy : host.strategies()) {
      stdio.println("");
      stdio.println(
          strategy.usable()
              ? "%s: usable, limits by %s".formatted(strategy.name(), strategy.tier())
              : "%s: not usable here".formatted(strategy.name()));
      Measurement cost = costs.get(strategy.name());
      if (cost != null) {
        stdio.println("  " + cost.describe());
      }
      int width = strategy.layers().stream().mapToInt(l -> l.name().length()).max().orElse(0);
      for (Layer layer : strategy.layers()) {
        String name = layer.name() + " ".repeat(width - layer.name().length());
        stdio.println(
            "  %-8s  %s  %s".formatted(word(layer.state()), name, Printable.line(layer.detail())));
      }
      printRemedies(strategy.layers());
    }
  }

  /** One remedy often helps several layers. */
  private void printRemedies(List<Layer> layers) throws IOException {
    Map<String, List<String>> remedies = new LinkedHashMap<>();
    for (Layer layer : layers) {
      if (layer.state() != Layer.State.IN_FORCE && !layer.remedy().isEmpty()) {
        remedies.computeIfAbsent(layer.remedy(), remedy -> new ArrayList<>()).add(layer.name());
      }
    }
    for (Map.Entry<String, List<String>> remedy : remedies.entrySet()) {
      stdio.println("  to add " + String.join(", ", remedy.getValue()) + ":");
      stdio.println("    " + Printable.line(remedy.getKey()));
    }
  }

  private void writeJson(HostReport host, Map<String, Measurement> costs) throws IOException {
    Json.write(
        stdio.out(),
        json -> {
          json.writeStringField("kernel", System.getProperty("os.version"));
          json.writeStringField("architecture", System.getProperty("os.arch"));
          json.writeStringField("java", Runtime.version().toString());
          json.writeNumberField("uid", uid());
          json.writeArrayFieldStart("strategies");
          for (StrategyReport strategy : host.strategies()) {
            json.writeStartObject();
            json.writeStringField("name", strategy.name());
            json.writeBooleanField("usable", strategy.usable());
            json.writeStringField("tier", strategy.tier());
            Measurement cost = costs.get(strategy.name());
            if (cost != null) {
              json.writeNumberField("firstMillis", cost.first().toMillis());
              json.writeNumberField("startMicros", cost.start().toNanos() / 1000);
              json.writeNumberField("callMicros", cost.call().toNanos() / 1000);
              json.writeNumberField("memoryBytes", cost.memory().orElse(-1));
            }
            JsonReporter.layers(json, strategy.layers());
            json.writeEndObject();
          }
          json.writeEndArray();
        });
  }

  private static int uid() throws IOException {
    return (Integer) Files.getAttribute(Path.of("/proc/self"), "unix:uid");
  }

  private static String word(Layer.State state) {
    return switch (state) {
      case IN_FORCE -> "present";
      case ADVISORY -> "advisory";
      case MISSING -> "missing";
    };
  }
}
