package io.cordon.samples.cli;

import io.cordon.sandbox.HostReport;
import io.cordon.sandbox.HostReport.StrategyReport;
import io.cordon.sandbox.Layer;
import io.cordon.sandbox.Sandboxes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;

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

  DoctorCommand(Stdio stdio) {
    this.stdio = stdio;
  }

  @Override
  public Integer call() throws IOException {
    Path noPolicies = Files.createTempDirectory("cordon-doctor");
    try (Sandboxes sandboxes =
        Sandboxes.builder(noPolicies).progress(json.reporter(stdio)::progress).open()) {
      HostReport host = sandboxes.host();
      if (json.json) {
        writeJson(host);
      } else {
        print(host);
      }
      boolean usable = host.strategies().stream().anyMatch(StrategyReport::usable);
      return (usable ? ExitStatus.OK : ExitStatus.FAILED).status();
    } finally {
      Files.delete(noPolicies);
    }
  }

  private void print(HostReport host) throws IOException {
    stdio.println(
        "Linux %s, %s, Java %s, user %s"
            .formatted(
                System.getProperty("os.version"),
                System.getProperty("os.arch"),
                Runtime.version(),
                System.getProperty("user.name")));
    for (StrategyReport strategy : host.strategies()) {
      stdio.println("");
      stdio.println(
          strategy.usable()
              ? "%s: usable, limits by %s".formatted(strategy.name(), strategy.tier())
              : "%s: not usable here".formatted(strategy.name()));
      int width = strategy.layers().stream().mapToInt(l -> l.name().length()).max().orElse(0);
      for (Layer layer : strategy.layers()) {
        String name = layer.name() + " ".repeat(width - layer.name().length());
        stdio.println(
            "  %-8s  %s  %s".formatted(word(layer.state()), name, Printable.line(layer.detail())));
        if (layer.state() != Layer.State.IN_FORCE && !layer.remedy().isEmpty()) {
          stdio.println(" ".repeat(12 + width) + "  add it: " + Printable.line(layer.remedy()));
        }
      }
    }
  }

  private void writeJson(HostReport host) throws IOException {
    Json.write(
        stdio.out(),
        json -> {
          json.writeStringField("kernel", System.getProperty("os.version"));
          json.writeStringField("architecture", System.getProperty("os.arch"));
          json.writeStringField("java", Runtime.version().toString());
          json.writeStringField("user", System.getProperty("user.name"));
          json.writeArrayFieldStart("strategies");
          for (StrategyReport strategy : host.strategies()) {
            json.writeStartObject();
            json.writeStringField("name", strategy.name());
            json.writeBooleanField("usable", strategy.usable());
            json.writeStringField("tier", strategy.tier());
            JsonReporter.layers(json, strategy.layers());
            json.writeEndObject();
          }
          json.writeEndArray();
        });
  }

  private static String word(Layer.State state) {
    return switch (state) {
      case IN_FORCE -> "present";
      case ADVISORY -> "advisory";
      case MISSING -> "missing";
    };
  }
}
