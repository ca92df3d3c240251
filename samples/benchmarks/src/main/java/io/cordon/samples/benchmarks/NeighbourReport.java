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
import java.util.stream.Stream;

/**
 * What a tenant gets beside ten noisy ones of the same weight, each with more processes than it
 * has: as much of the processors as its weight's share, all of its memory, and its files as if
 * nobody else had any.
 */
final class NeighbourReport {
  private static final int NOISY = 10;
  private static final Duration ALONE = Duration.ofSeconds(3);
  private static final Duration TIME = Duration.ofSeconds(20);
  private static final long KEPT = 48L << 20;

  /**
   * Keeps its memory and works on it, and on a file of 1 MiB. Says at the end how often it had to
   * wait for a page, how often for its file, and how long it took to write, sync and read that. Who
   * is only kept from the processor does not wait: that is another of the kernel's counters.
   */
  private static final String VICTIM =
      """
      import os, resource, signal, sys, time
      kept = bytearray(int(sys.argv[1]))
      for page in range(0, len(kept), 4096): kept[page] = 1
      block = bytes(65536)
      def usage(): return resource.getrusage(resource.RUSAGE_SELF)
      def io():
        file = os.open('file', os.O_RDWR | os.O_CREAT | os.O_TRUNC)
        for n in range(16): os.write(file, block)
        os.fsync(file)
        os.lseek(file, 0, 0)
        while os.read(file, len(block)): pass
        os.close(file)
      faults, waits, times, going = usage().ru_majflt, 0, [], True
      def end(*_):
        global going
        going = False
      signal.signal(signal.SIGALRM, end)
      signal.alarm(int(sys.argv[2]))
      print('ready', flush=True)
      while going:
        for page in range(0, len(kept), 4096): kept[page] = (kept[page] + 1) & 255
        before, begin = usage().ru_nvcsw, time.monotonic_ns()
        io()
        times.append(time.monotonic_ns() - begin)
        waits += usage().ru_nvcsw - before
      print(usage().ru_majflt - faults, waits, *times)
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
        task: { wall.max: 2min, output.max: 8Mi }
        """
            .formatted(tenant));
  }

  private boolean run(Sandboxes sandboxes) throws Exception {
    List<TaskHandle<Exit>> tasks = new ArrayList<>();
    Outcome<Exit> alone = sandboxes.tenant("victim").submit(victim(ALONE)).outcome();
    Command victim = victim(TIME.plusSeconds(2));
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
      return report(before, after, heard, alone);
    } finally {
      tasks.forEach(TaskHandle::cancel);
      tasks.forEach(TaskHandle::outcome);
    }
  }

  private static Command victim(Duration time) {
    return Command.of("python3", "-c", VICTIM, "" + KEPT, "" + time.toSeconds());
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

  private boolean report(
      List<Usage> before, List<Usage> after, TaskHandle<Exit> victim, Outcome<Exit> alone) {
    double total = 0;
    for (int n = 0; n < after.size(); n++) {
      total += used(before.get(n), after.get(n));
    }
    double victims = used(before.getLast(), after.getLast());
    long memory = after.getLast().now().memory().orElse(0);
    Told told = Told.of(victim.outcome());
    out.printf(Locale.ROOT, "A tenant beside %d noisy ones of its weight, %s%n", NOISY, TIME);
    out.printf(
        Locale.ROOT,
        "  processor time: %.2f s of %.2f s that all got; an even share is %.2f s%n",
        victims,
        total,
        total / after.size());
    out.printf(
        Locale.ROOT,
        "  its memory: %.1f MiB at the end, of %.1f MiB that it keeps; %d major page faults%n",
        memory / 1048576.0,
        KEPT / 1048576.0,
        told.faults());
    out.println("  its files, 1 MiB written, synced and read:");
    out.println(Told.of(alone).times("alone").row());
    out.println(told.times("beside the noisy ones").row());
    out.printf(
        Locale.ROOT,
        "  waited for them %d times (the rest is its turn to compute); met %d limits%n",
        told.waits(),
        told.trips());
    boolean unharmed = memory >= KEPT && told.isUndisturbed();
    double share = victims / (total / after.size());
    return Target.atLeast(0.85).judge(out, "processor time / even share", share) && unharmed;
  }

  private static double used(Usage before, Usage after) {
    return after.cpu().minus(before.cpu()).toNanos() / 1e9;
  }

  /**
   * What a victim says of itself at its end, and Cordon of it.
   *
   * @param faults how often it waited for a page of its memory
   * @param waits how often it waited for its file
   * @param nanos how long it took each time
   * @param trips how many limits it met
   */
  private record Told(long faults, long waits, List<Long> nanos, int trips) {
    static Told of(Outcome<Exit> outcome) {
      if (!(outcome instanceof Outcome.Succeeded<Exit>(Exit exit, var report))) {
        throw new IllegalStateException("the victim did not end well: " + outcome);
      }
      String last = exit.stdoutText().lines().toList().getLast();
      List<Long> figures = Stream.of(last.split(" ")).map(Long::valueOf).toList();
      return new Told(
          figures.get(0),
          figures.get(1),
          figures.subList(2, figures.size()),
          report.trips().size());
    }

    boolean isUndisturbed() {
      return faults == 0 && waits == 0 && trips == 0;
    }

    Samples times(String name) {
      Samples samples = new Samples(name);
      nanos.forEach(samples::add);
      return samples;
    }
  }
}
