package io.cordon.samples.benchmarks;

import io.cordon.sandbox.Command;
import io.cordon.sandbox.Exit;
import io.cordon.sandbox.Outcome;
import io.cordon.sandbox.Tenant;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/**
 * What isolation costs a program that only computes: the processor time of its whole cell, launch
 * and init included, next to what it takes alone.
 */
final class ProcessorReport {
  private static final int RUNS = 15;

  /** Says what it has used itself. */
  private static final String PROGRAM =
      """
      import time
      total = 0
      for i in range(20000000): total += i * i
      print(time.process_time_ns())
      """;

  private final Tenant tenant;
  private final PrintStream out;

  ProcessorReport(Tenant tenant, PrintStream out) {
    this.tenant = tenant;
    this.out = out;
  }

  /** Measures, prints, and says whether the target was met. */
  boolean run() throws Exception {
    long bare = Long.MAX_VALUE;
    long cell = Long.MAX_VALUE;
    for (int run = 0; run < RUNS; run++) {
      bare = Math.min(bare, runBare());
      cell = Math.min(cell, runInCell());
    }
    out.println("A program that computes, the least processor time of " + RUNS + " runs in turn");
    out.printf(Locale.ROOT, "  alone %.1f ms   in a cell %.1f ms%n", bare / 1e6, cell / 1e6);
    return Target.atMost(1.02).judge(out, "in a cell / alone", (double) cell / bare);
  }

  private static long runBare() throws IOException, InterruptedException {
    Process process = new ProcessBuilder("/usr/bin/python3", "-c", PROGRAM).start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (process.waitFor() != 0) {
      throw new IllegalStateException("the program failed");
    }
    return Long.parseLong(said.strip());
  }

  private long runInCell() {
    Outcome<Exit> outcome = tenant.submit(Command.of("/usr/bin/python3", "-c", PROGRAM)).outcome();
    if (!(outcome instanceof Outcome.Succeeded<Exit> succeeded)) {
      throw new IllegalStateException("the program failed: " + outcome);
    }
    return succeeded.report().usage().cpu().toNanos();
  }
}
