package io.cordon.samples.benchmarks;

import io.cordon.sandbox.Command;
import io.cordon.sandbox.Sandboxes;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/**
 * What the first task costs in a JVM that has just started. Most of it is the JVM's own: binding
 * the kernel's functions (FFM), loading classes.
 */
final class ColdStart {
  private static final int TIMES = 9;

  private final Path policies;
  private final Path cache;
  private final PrintStream out;

  ColdStart(Path policies, Path cache, PrintStream out) {
    this.policies = policies;
    this.cache = cache;
    this.out = out;
  }

  /** Runs in the fresh JVM. */
  public static void main(String[] arguments) {
    long begin = System.nanoTime();
    try (Sandboxes sandboxes =
        Sandboxes.builder(Path.of(arguments[0])).cache(Path.of(arguments[1])).open()) {
      long opened = System.nanoTime();
      sandboxes.tenant("bench").run(Command.of("/bin/true"));
      long first = System.nanoTime();
      sandboxes.tenant("bench").run(Command.of("/bin/true"));
      long second = System.nanoTime();
      System.out.println((opened - begin) + " " + (first - opened) + " " + (second - first));
    }
  }

  void run() throws IOException, InterruptedException {
    Path startupCache = cache.resolve("application.aot");
    freshJvm("-XX:AOTCacheOutput=" + startupCache); // a run for practice: JEP 514
    Turn plain = new Turn("");
    Turn trained = new Turn(", with an AOT cache");
    for (int i = 0; i < TIMES; i++) {
      plain.add(freshJvm("-XX:AOTMode=off"));
      trained.add(freshJvm("-XX:AOTCache=" + startupCache));
    }
    Files.delete(startupCache);
    out.println("The first task of a JVM that has just started");
    plain.print(out);
    trained.print(out);
  }

  private String freshJvm(String option) throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(
                List.of(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    option,
                    "--enable-native-access=ALL-UNNAMED",
                    "-cp",
                    System.getProperty("java.class.path"),
                    ColdStart.class.getName(),
                    policies.toString(),
                    cache.toString()))
            .redirectError(ProcessBuilder.Redirect.DISCARD) // the cache's making is told there
            .start();
    String answer =
        new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
    if (process.waitFor() != 0) {
      throw new IOException("the fresh JVM failed");
    }
    return answer.lines().findFirst().orElseThrow();
  }

  /** One way to start, and its figures. */
  private static final class Turn {
    private final Samples open;
    private final Samples first;
    private final Samples second;

    Turn(String how) {
      open = new Samples("Sandboxes.open" + how);
      first = new Samples("first command" + how);
      second = new Samples("second command" + how);
    }

    void add(String answer) {
      List<String> figures = List.of(answer.split(" ", -1));
      open.add(Long.parseLong(figures.get(0)));
      first.add(Long.parseLong(figures.get(1)));
      second.add(Long.parseLong(figures.get(2)));
    }

    void print(PrintStream out) {
      out.println(open.row());
      out.println(first.row());
      out.println(second.row());
      out.println(
          String.format(
              Locale.ROOT,
              "  -> opening and running the first command: %.0f ms%n",
              open.medianMillis() + first.medianMillis()));
    }
  }
}
