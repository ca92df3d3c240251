package io.cordon.samples.cli;

import io.cordon.sandbox.Command;
import io.cordon.sandbox.Exit;
import io.cordon.sandbox.Outcome;
import io.cordon.sandbox.Sandboxes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;
import java.util.function.Consumer;

/**
 * What sandboxes of a strategy cost on this host.
 *
 * @param first until the first command has ended, with all that is made once
 * @param start until a later one has, from its sandbox on: the median
 * @param memory what such a one uses at the most, in bytes
 */
record Measurement(Duration first, Duration start, OptionalLong memory) {
  private static final int TIMES = 9;
  private static final String TENANT = "measured";

  /** Runs commands that do nothing. */
  static Measurement of(String strategy, Consumer<String> progress) throws IOException {
    Path policies = Files.createTempDirectory("cordon-doctor");
    Path policy = policies.resolve(TENANT + ".yaml");
    try {
      Files.writeString(
          policy,
          """
          tenant: %s
          isolation: { strategy: %s, require: [], vm: { emulation: allow } }
          task: { start.max: 60s }
          """
              .formatted(TENANT, strategy));
      try (Sandboxes sandboxes = Sandboxes.builder(policies).progress(progress).open()) {
        return measure(sandboxes);
      }
    } finally {
      Files.deleteIfExists(policy);
      Files.delete(policies);
    }
  }

  private static Measurement measure(Sandboxes sandboxes) {
    List<Duration> times = new ArrayList<>();
    OptionalLong memory = OptionalLong.empty();
    for (int i = 0; i <= TIMES; i++) {
      long begin = System.nanoTime();
      Outcome<Exit> outcome = sandboxes.tenant(TENANT).submit(Command.of("/bin/true")).outcome();
      times.add(Duration.ofNanos(System.nanoTime() - begin));
      memory = outcome.report().usage().memoryPeak();
    }
    List<Duration> later = times.stream().skip(1).sorted().toList();
    return new Measurement(times.getFirst(), later.get(TIMES / 2), memory);
  }

  /** For people. */
  String describe() {
    String start =
        "measured: a command takes %s, the first one %s"
            .formatted(millis(start()), millis(first()));
    return memory.isPresent()
        ? start + "; %d MiB of memory".formatted((memory.getAsLong() >> 20) + 1)
        : start;
  }

  private static String millis(Duration time) {
    return String.format(Locale.ROOT, "%.1f ms", time.toNanos() / 1e6);
  }
}
