package io.cordon.samples.benchmarks;

import io.cordon.sandbox.Command;
import io.cordon.sandbox.Exit;
import io.cordon.sandbox.Outcome;
import io.cordon.sandbox.Sandboxes;
import io.cordon.sandbox.TaskHandle;
import io.cordon.sandbox.Usage;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * What a tenant gets beside ten noisy ones of the same weight, each with more processes than it
 * has: as much of the processors as its weight's share, and all of its memory.
 */
final class NeighbourReport {
  private static final int NOISY = 10;
  private static final Duration TIME = Duration.ofSeconds(20);
  private static final long KEPT = 48L << 20;

  /** Keeps its memory, works on it, and says at the end how often it had to wait for a page. */
  private static final String VICTIM =
      """
      import resource, signal, sys
      kept = bytearray(int(sys.argv[1]))
      for page in range(0, len(kept), 4096): kept[page] = 1
      faults = resource.getrusage(resource.RUSAGE_SELF).ru_majflt
      going = True
      def end(*_):
        global going
        going = False
      signal.signal(signal.SIGALRM, end)
      signal.alarm(int(sys.argv[2]))
      print('ready', flush=True)
      while going:
        for page in range(0, len(kept), 4096): kept[page] = (kept[page] + 1) & 255
      print(resource.getrusage(resource.RUSAGE_SELF).ru_majflt - faults)
      """;

  private static final List<String> NOISES =
      List.of(
          forEver(":"),
          forEver("dd if=/dev/zero of=/dev/null bs=32M count=9"),
          forEver("dd if=/dev/zero of=f$i bs=1M count=16 conv=fsync"));

  private static String forEver(String command) {
    return "for i in 1 2 3; do while :; do %s; done 2>/dev/null & done; echo ready; wait"
        .formatted(command);
  }

  private final Path scratch;
  private final PrintStream out;

  NeighbourReport(Path scratch, PrintStream out) {
    this.scratch = scratch;
    this.out = out;
  }

  /** Measures, prints, and says whether the target was met. */
  boolean run() throws Exception {
    Path policies = Files.createDirectories(scratch.resolve("neighbours"));
    write(policies, "victim");
    for (int n = 0; n < NOISY; n++) {
      write(policies, "noisy" + n);
    }
    try (Sandboxes sandboxes = Sandboxes.builder(policies).cache(scratch.resolve("cache")).open()) {
      return run(sandboxes);
    }
  }

  private static void write(Path policies, String tenant) throws IOException {
    Files.writeString(
        policies.resolve(tenant + ".yaml"),
        """
        tenant: %s
        sandbox: { cpu.max: 4, memory.max: 160Mi, disk.max: { bytes: 64Mi, inodes: 1k } }
        task: { wall.max: 2min }
        """
            .formatted(tenant));
  }

  private boolean run(Sandboxes sandboxes) throws Exception {
    List<TaskHandle<Exit>> tasks = new ArrayList<>();
    long seconds = TIME.plusSeconds(2).toSeconds();
    Command victim = Command.of("python3", "-c", VICTIM, "" + KEPT, "" + seconds);
    try {
      for (int n = 0; n < NOISY; n++) {
        Command noise = Command.of("sh", "-c", NOISES.get(n % NOISES.size()));
        tasks.add(started(sandboxes.tenant("noisy" + n).submit(noise)));
      }
      TaskHandle<Exit> heard = started(sandboxes.tenant("victim").submit(victim));
      tasks.add(heard);
      List<Usage> before = tasks.stream().map(TaskHandle::usage).toList();
      Thread.sleep(TIME);
      List<Usage> after = tasks.stream().map(TaskHandle::usage).toList();
      return report(before, after, heard);
    } finally {
      tasks.forEach(TaskHandle::cancel);
      tasks.forEach(TaskHandle::outcome);
    }
  }

  private static TaskHandle<Exit> started(TaskHandle<Exit> task) throws IOException {
    InputStream stdout = task.stdout();
    for (int n = 0; n < "ready\n".length(); n++) {
      if (stdout.read() < 0) {
        throw new IllegalStateException("it never began: " + task.outcome());
      }
    }
    return task;
  }

  private boolean report(List<Usage> before, List<Usage> after, TaskHandle<Exit> victim) {
    double total = 0;
    for (int n = 0; n < after.size(); n++) {
      total += used(before.get(n), after.get(n));
    }
    double victims = used(before.getLast(), after.getLast());
    long memory = after.getLast().now().memory().orElse(0);
    Outcome<Exit> outcome = victim.outcome();
    out.printf(Locale.ROOT, "A tenant beside %d noisy ones of its weight, %s%n", NOISY, TIME);
    out.printf(
        Locale.ROOT,
        "  processor time: %.2f s of %.2f s that all got; an even share is %.2f s%n",
        victims,
        total,
        total / after.size());
    out.printf(
        Locale.ROOT,
        "  its memory: %.1f MiB at the end, of %.1f MiB that it keeps; ended: %s%n",
        memory / 1048576.0,
        KEPT / 1048576.0,
        describe(outcome));
    boolean unharmed = memory >= KEPT && undisturbed(outcome);
    double share = victims / (total / after.size());
    return Target.atLeast(0.85).judge(out, "processor time / even share", share) && unharmed;
  }

  private static double used(Usage before, Usage after) {
    return after.cpu().minus(before.cpu()).toNanos() / 1e9;
  }

  /** It was never denied anything, and never waited for a page of its memory. */
  private static boolean undisturbed(Outcome<Exit> outcome) {
    return outcome instanceof Outcome.Succeeded<Exit>(Exit exit, var report)
        && report.trips().isEmpty()
        && exit.stdoutText().endsWith("\n0\n");
  }

  private static String describe(Outcome<Exit> outcome) {
    return outcome instanceof Outcome.Succeeded<Exit>(Exit exit, var report)
        ? "well, with %s major page faults and %d limits met"
            .formatted(exit.stdoutText().lines().toList().getLast(), report.trips().size())
        : outcome.toString();
  }
}
