package io.cordon.samples.cli;

import io.cordon.sandbox.CacheLocation;
import io.cordon.vm.setup.Need;
import io.cordon.vm.setup.VmSetup;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code cordon vm prepare}: makes ahead what micro-VMs need. */
@CommandLine.Command(
    name = "prepare",
    description = {
      "Finds or makes what micro-VMs need, so that the first one need not wait for it.",
      "",
      "A kernel for guests is fetched from the distribution, without root, where none is installed."
          + " The status is 1 if something is missing; what to do about it is said.",
      "",
      "Guests themselves are booted when a tenant first needs one of its size, and kept in the same"
          + " place for the next time."
    },
    mixinStandardHelpOptions = true)
@SuppressWarnings("NullAway.Init") // picocli sets the fields
final class VmPrepareCommand implements Callable<Integer> {
  private final Stdio stdio;

  @Mixin private JsonOption json;

  @Option(
      names = "--cache",
      paramLabel = "DIR",
      description = "Where it is kept. By default where applications that say nothing look for it.")
  private @Nullable Path cache;

  VmPrepareCommand(Stdio stdio) {
    this.stdio = stdio;
  }

  @Override
  public Integer call() throws IOException {
    Path directory = cache == null ? CacheLocation.usual() : cache.toAbsolutePath();
    List<Need> needs = new VmSetup(directory, json.reporter(stdio)::progress).run();
    boolean ready = needs.stream().allMatch(Need::met);
    if (json.json) {
      writeJson(needs, ready);
    } else {
      print(needs);
    }
    return (ready ? ExitStatus.OK : ExitStatus.FAILED).status();
  }

  private void print(List<Need> needs) throws IOException {
    int width = needs.stream().mapToInt(need -> need.name().length()).max().orElse(0);
    for (Need need : needs) {
      String name = need.name() + " ".repeat(width - need.name().length());
      stdio.println(
          "%-7s  %s  %s"
              .formatted(need.met() ? "ready" : "missing", name, Printable.line(need.detail())));
    }
  }

  private void writeJson(List<Need> needs, boolean ready) throws IOException {
    Json.write(
        stdio.out(),
        json -> {
          json.writeBooleanField("ready", ready);
          json.writeArrayFieldStart("needs");
          for (Need need : needs) {
            json.writeStartObject();
            json.writeStringField("name", need.name());
            json.writeBooleanField("met", need.met());
            json.writeStringField("detail", need.detail());
            json.writeEndObject();
          }
          json.writeEndArray();
        });
  }
}
