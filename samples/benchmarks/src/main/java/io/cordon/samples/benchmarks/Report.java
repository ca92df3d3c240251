package io.cordon.samples.benchmarks;

import io.cordon.sandbox.Sandboxes;
import io.cordon.sandbox.spi.IsolationStrategy;
import io.cordon.sandbox.spi.IsolationStrategyProvider;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ServiceLoader;

/** The comparison report: one run, contestants in turn, ratios next to their targets. */
final class Report {
  private static final String POLICY =
      """
      tenant: bench
      isolation:
        require: [namespaces, seccomp]
      sandbox:
        cpu.max: 2
        memory.max: 512Mi
        pids.max: 128
      task:
        wall.max: 60s
      """;

  private Report() {}

  public static void main(String[] arguments) throws Exception {
    PrintStream out = System.out;
    Path scratch = Files.createTempDirectory("cordon-benchmarks");
    // Those that drop to another uid read what is in it.
    scratch.toFile().setExecutable(true, false);
    scratch.toFile().setReadable(true, false);
    boolean met;
    try {
      met = run(scratch, out);
    } finally {
      delete(scratch);
    }
    System.exit(met ? 0 : 1);
  }

  private static boolean run(Path scratch, PrintStream out) throws Exception {
    Path policies = policies(scratch);
    Path cache = cache(scratch);

    new ColdStart(policies, cache, out).run();
    boolean met = true;
    try (IsolationStrategy strategy = processStrategy(cache)) {
      met &= new LaunchReport(strategy, scratch, out).run();
    }
    try (Sandboxes sandboxes = sandboxes(scratch)) {
      met &= new CallReport(sandboxes, cache, scratch, out).run();
    }
    out.println(met ? "Every target was met." : "NOT every target was met.");
    return met;
  }

  private static Path policies(Path scratch) throws IOException {
    Path policies = Files.createDirectories(scratch.resolve("policies"));
    Files.writeString(policies.resolve("bench.yaml"), POLICY);
    return policies;
  }

  private static Path cache(Path scratch) throws IOException {
    return Files.createDirectories(scratch.resolve("cache"));
  }

  /** The sandboxes of one tenant, {@code bench}, with everything of theirs below a directory. */
  static Sandboxes sandboxes(Path scratch) throws IOException {
    return Sandboxes.builder(policies(scratch)).cache(cache(scratch)).open();
  }

  static IsolationStrategy processStrategy(Path cache) {
    for (IsolationStrategyProvider provider : ServiceLoader.load(IsolationStrategyProvider.class)) {
      if (provider.name().equals("process")) {
        return provider.open(new IsolationStrategyProvider.Context(cache, message -> {}));
      }
    }
    throw new IllegalStateException("no process strategy on the class path");
  }

  static void delete(Path directory) throws IOException {
    try (var paths = Files.walk(directory)) {
      for (Path path : paths.sorted(java.util.Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(path);
      }
    }
  }
}
