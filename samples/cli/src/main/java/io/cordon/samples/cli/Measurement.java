package io.cordon.samples.cli;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.cordon.sandbox.Command;
import io.cordon.sandbox.Exit;
import io.cordon.sandbox.Outcome;
import io.cordon.sandbox.Sandboxes;
import io.cordon.sandbox.TaskHandle;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
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
 * @param call until a line that is written to a running command has come back: the median
 * @param memory what a command that does nothing uses at the most, in bytes
 */
record Measurement(Duration first, Duration start, Duration call, OptionalLong memory) {
  private static final int TIMES = 9;
  private static final int CALLS = 201;
  private static final byte[] LINE = "x".repeat(63).concat("\n").getBytes(US_ASCII);
  private static final String TENANT = "measured";

  /** Runs commands that do nothing, and one that gives back what it is given. */
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

  private static Measurement measure(Sandboxes sandboxes) throws IOException {
    List<Duration> times = new ArrayList<>();
    OptionalLong memory = OptionalLong.empty();
    for (int i = 0; i <= TIMES; i++) {
      long begin = System.nanoTime();
      Outcome<Exit> outcome = sandboxes.tenant(TENANT).submit(Command.of("/bin/true")).outcome();
      times.add(Duration.ofNanos(System.nanoTime() - begin));
      memory = outcome.report().usage().memoryPeak();
    }
    Duration later = median(times.subList(1, times.size()));
    return new Measurement(times.getFirst(), later, call(sandboxes), memory);
  }

  private static Duration call(Sandboxes sandboxes) throws IOException {
    TaskHandle<Exit> cat =
        sandboxes.tenant(TENANT).submit(Command.of("/bin/cat").stdin(new Command.Input.Stream()));
    List<Duration> times = new ArrayList<>();
    try (OutputStream in = cat.stdin();
        InputStream out = cat.stdout()) {
      for (int i = 0; i < CALLS; i++) {
        long begin = System.nanoTime();
        in.write(LINE);
        in.flush();
        if (out.readNBytes(LINE.length).length < LINE.length) {
          throw new IOException("a command ended early: " + cat.outcome());
        }
        times.add(Duration.ofNanos(System.nanoTime() - begin));
      }
    } finally {
      cat.cancel();
    }
    return median(times);
  }

  private static Duration median(List<Duration> times) {
    return times.stream().sorted().toList().get(times.size() / 2);
  }

  /** For people. */
  String describe() {
    String start =
        "measured: a command takes %s, the first one %s; a call into a running one %s"
            .formatted(millis(start()), millis(first()), millis(call()));
    return memory.isPresent()
        ? start + "; its own memory: %d MiB".formatted((memory.getAsLong() >> 20) + 1)
        : start;
  }

  private static String millis(Duration time) {
    return String.format(Locale.ROOT, "%.2f ms", time.toNanos() / 1e6);
  }
}
