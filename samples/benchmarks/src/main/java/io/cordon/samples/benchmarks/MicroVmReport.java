package io.cordon.samples.benchmarks;

import io.cordon.policy.SandboxLimits;
import io.cordon.sandbox.CacheLocation;
import io.cordon.sandbox.HostReport.StrategyReport;
import io.cordon.sandbox.Layer;
import io.cordon.sandbox.Plugin;
import io.cordon.sandbox.Sandbox;
import io.cordon.sandbox.Sandboxes;
import io.cordon.sandbox.Script;
import io.cordon.sandbox.Tenant;
import io.cordon.sandbox.spi.Cell;
import io.cordon.sandbox.spi.CellSpec;
import io.cordon.sandbox.spi.IsolationStrategy;
import java.io.PrintStream;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/** What a micro-VM costs: to boot, to clone, to wake, to ask, to keep. */
final class MicroVmReport {
  private static final int BOOTS = 3;
  private static final int TURNS = 30;
  private static final int IDLE = 10;
  private static final SandboxLimits LIMITS =
      new SandboxLimits(2000, 128 << 20, 64, new SandboxLimits.Disk(16 << 20, 1000));
  private static final CellSpec.Greeting GREETING = CellSpec.Greeting.of(new byte[RawEcho.BLOCK]);

  private final Supplier<IsolationStrategy> strategies;
  private final IsolationStrategy vm;
  private final IsolationStrategy process;
  private final Path scratch;
  private final PrintStream out;
  private final Path classes;
  private int cells;

  /**
   * A report.
   *
   * @param strategies opens the strategy {@code vm} once more
   */
  MicroVmReport(
      Supplier<IsolationStrategy> strategies,
      IsolationStrategy vm,
      IsolationStrategy process,
      Path scratch,
      PrintStream out)
      throws URISyntaxException {
    this.strategies = strategies;
    this.classes =
        Path.of(RawEcho.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    this.vm = vm;
    this.process = process;
    this.scratch = scratch;
    this.out = out;
  }

  /** Whether there is anything to measure here; says why not. */
  boolean possible() {
    StrategyReport report = vm.report();
    if (!report.usable()) {
      out.println("Micro-VMs: NOT measured, this host lacks");
      report.layers().stream()
          .filter(layer -> layer.state() == Layer.State.MISSING)
          .forEach(layer -> out.println("  " + layer.name() + ": " + layer.detail()));
    }
    return report.usable();
  }

  /** Measures, prints, and says whether the targets were met. */
  boolean run() throws Exception {
    boots();
    boolean met = clones();
    met &= calls();
    met &= memory();
    return met;
  }

  private void boots() throws Exception {
    Samples plain = new Samples("plain QEMU: the kernel, until it looks for a root");
    Samples boots = new Samples("boot, bring up Java and save: a template");
    Samples loads = new Samples("the same in the next JVM, from the disk");
    Optional<PlainBoot> qemu = PlainBoot.find(CacheLocation.usual());
    int hung = 0;
    for (int i = 0; i < BOOTS; i++) {
      if (qemu.isPresent()) {
        long begin = System.nanoTime();
        if (qemu.get().run()) {
          plain.add(System.nanoTime() - begin);
        } else {
          hung++;
        }
      }
      String tenant = "boot-%x".formatted(System.nanoTime()); // whose template nobody has
      prepare(tenant, boots);
      prepare(tenant, loads);
    }
    out.println("A guest of 256 MiB, from nothing");
    if (hung < BOOTS) {
      out.println(qemu.isPresent() ? plain.row() : "  plain QEMU: no kernel is found for it");
    }
    if (hung > 0) {
      out.println("  plain QEMU: its kernel hung in %d of %d boots".formatted(hung, BOOTS));
    }
    out.println(boots.row());
    out.println(loads.row());
    out.println();
  }

  /** By a strategy that has none in its memory, and leaves it on the disk when it is closed. */
  private void prepare(String tenant, Samples samples) {
    try (IsolationStrategy another = strategies.get()) {
      another.report(); // what is looked for once, whoever asks
      long begin = System.nanoTime();
      another.prepare(javaEcho(tenant)).join();
      samples.add(System.nanoTime() - begin);
    }
  }

  private boolean clones() throws Exception {
    Samples cell = new Samples("process cell: a JVM from nothing, first answer");
    Samples clone = new Samples("clone: from the request to the first answer");
    Samples wake = new Samples("paused warm clone: to the next answer");
    vm.prepare(javaEcho("bench")).join();
    for (int turn = -3; turn < TURNS; turn++) {
      long begin = System.nanoTime();
      try (RawPipe pipe = greeted(process.launch(javaEcho("bench")))) {
        pipe.roundTrip();
        add(cell, turn, begin);
      }
      begin = System.nanoTime();
      Cell clonedCell = vm.launch(javaEcho("bench"));
      try (RawPipe pipe = greeted(clonedCell)) {
        pipe.roundTrip();
        add(clone, turn, begin);
        for (int i = 0; i < 100; i++) {
          pipe.roundTrip();
        }
        clonedCell.rest();
        begin = System.nanoTime();
        clonedCell.wake();
        pipe.roundTrip();
        add(wake, turn, begin);
      }
    }
    out.println("A clone in which a JVM waits, and a process cell that starts one");
    out.println(cell.row());
    out.println(clone.row());
    boolean met = Target.atMost(80).judge(out, "clone, median ms", clone.medianMillis());
    out.println(wake.row());
    return Target.atMost(10).judge(out, "warm paused clone, median ms", wake.medianMillis()) && met;
  }

  private static void add(Samples samples, int turn, long begin) {
    long elapsed = System.nanoTime() - begin;
    if (turn >= 0) {
      samples.add(elapsed);
    }
  }

  private static RawPipe greeted(Cell cell) throws Exception {
    cell.stdout().readNBytes(RawEcho.BLOCK);
    return new RawPipe(cell);
  }

  private boolean calls() throws Exception {
    Path jar = EchoPluginJar.write(scratch.resolve("vm-echo.jar"));
    try (Sandboxes sandboxes = Report.microVmSandboxes(scratch);
        RawPipe raw = new RawPipe(vm.launch(nativeEcho("bench")))) {
      Tenant tenant = sandboxes.tenant("bench-vm");
      Samples rawEcho;
      Samples call;
      try (Sandbox sandbox = tenant.open(Plugin.jar(jar))) {
        Echo echo = sandbox.service(Echo.class);
        Contest contest = new Contest();
        rawEcho = contest.enter("raw echo of cat over virtio-serial, 64 bytes", 50, raw::roundTrip);
        call = contest.enter("plugin call, 48 characters", 50, () -> echo.echo("x".repeat(48)));
        contest.run(20, 20);
      }
      out.println("A call into a micro-VM, next to the ports that it goes through");
      out.println(rawEcho.row());
      out.println(call.row());
      boolean met = Target.atMost(3).judge(out, "plugin call / raw echo", call.ratioTo(rawEcho));
      Contest scripts = new Contest();
      Samples script =
          scripts.enter(
              "JavaScript, first result from a warm worker",
              1,
              () ->
                  tenant.run(
                      Script.javaScript("[1, 2, 3].reduce((sum, x) => sum + x, 0)")
                          .returning(Long.class)));
      scripts.run(3, 20);
      out.println(script.row());
      out.println();
      return met;
    }
  }

  private boolean memory() {
    List<Cell> idle = new ArrayList<>();
    try {
      long bytes = 0;
      for (int i = 0; i < IDLE; i++) {
        Cell cell = vm.launch(javaEcho("bench"));
        idle.add(cell);
        cell.rest();
        bytes += cell.counters().memoryCurrent().orElse(0);
      }
      double mib = bytes / (double) IDLE / (1 << 20);
      out.println(String.format(Locale.ROOT, "%d idle clones of one template", IDLE));
      return Target.atMost(25).judge(out, "memory of its own, MiB a clone", mib);
    } finally {
      idle.forEach(Cell::close);
    }
  }

  private CellSpec javaEcho(String tenant) {
    return spec(
        tenant,
        new CellSpec.Program.Jvm(
            List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xmx32m", "-XX:-UsePerfData"),
            List.of(classes),
            Optional.empty(),
            RawEcho.class.getName(),
            List.of(RawEcho.GREET),
            Optional.of(GREETING)));
  }

  private CellSpec nativeEcho(String tenant) {
    return spec(tenant, new CellSpec.Program.Native(List.of("cat")));
  }

  private CellSpec spec(String tenant, CellSpec.Program program) {
    return new CellSpec(
        tenant, "cell-" + cells++, program, Map.of(), List.of(), LIMITS, Duration.ofMinutes(1));
  }
}
