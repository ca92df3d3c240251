package io.cordon.samples.benchmarks;

import io.cordon.policy.SandboxLimits;
import io.cordon.process.kernel.Kernel;
import io.cordon.process.plan.Architecture;
import io.cordon.process.quota.QuotaEnforcer;
import io.cordon.process.quota.QuotaEnforcers;
import io.cordon.process.seccomp.Profile;
import io.cordon.process.seccomp.SeccompFilter;
import io.cordon.sandbox.spi.Cell;
import io.cordon.sandbox.spi.CellExit;
import io.cordon.sandbox.spi.CellSpec;
import io.cordon.sandbox.spi.IsolationStrategy;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * From nothing to the end of {@code /bin/true}: a cell with everything that it has, next to
 * bubblewrap and crun with as much as they have.
 */
final class LaunchReport {
  private static final SandboxLimits LIMITS =
      new SandboxLimits(1000, 256L << 20, 64, new SandboxLimits.Disk(64L << 20, 10_000));

  private final IsolationStrategy strategy;
  private final Path scratch;
  private final PrintStream out;
  private int cells;

  LaunchReport(IsolationStrategy strategy, Path scratch, PrintStream out) {
    this.strategy = strategy;
    this.scratch = scratch;
    this.out = out;
  }

  /** Measures, prints, and says whether every target was met that could be measured here. */
  boolean run() throws Exception {
    Architecture architecture = Architecture.of(System.getProperty("os.arch")).orElseThrow();
    Kernel kernel = Kernel.bind(architecture.systemCalls());
    Baseline baseline = new Baseline(kernel, architecture);
    try (QuotaEnforcer quotas = QuotaEnforcers.detect(Path.of("/proc"), kernel)) {
      Path filter = scratch.resolve("seccomp.bpf");
      Files.write(filter, new SeccompFilter(Profile.COMMAND, architecture).instructions());
      Contest contest = new Contest();
      Samples bare = contest.enter("posix_spawn, no isolation", 1, () -> baseline.run(TRUE));
      Samples cell = contest.enter("cell: every layer, init, " + tier(), 1, this::launchCell);
      Optional<Samples> bwrap =
          find("bwrap")
              .map(
                  path ->
                      contest.enter(
                          "bwrap: its namespaces, seccomp, " + tier(),
                          1,
                          () ->
                              baseline.runIn(
                                  quotas, name("bwrap"), LIMITS, filter, bubblewrap(path))));
      Optional<Path> crunPath = find("crun").filter(path -> tier().equals("cgroup-v1"));
      Path bundle =
          crunPath.isPresent() ? new CrunBundle(scratch.resolve("crun")).write() : scratch;
      Optional<Samples> crun =
          crunPath.map(
              path ->
                  contest.enter(
                      "crun: its namespaces, its control group",
                      1,
                      () -> baseline.run(CrunBundle.command(path, bundle, name("crun")))));
      contest.run(1500, 300); // until the code of a launch is compiled, as where there are many

      out.println("From nothing to the end of /bin/true");
      out.println(bare.row());
      out.println(cell.row());
      boolean met = true;
      if (bwrap.isPresent()) {
        out.println(bwrap.get().row());
      }
      if (crun.isPresent()) {
        out.println(crun.get().row());
      }
      met &= judge("bwrap", 0.7, cell, bwrap);
      met &= judge("crun", 0.5, cell, crun);
      return met;
    }
  }

  private boolean judge(String rival, double most, Samples cell, Optional<Samples> samples) {
    if (samples.isEmpty()) {
      out.println(
          "  -> "
              + rival
              + " could not run here: not installed, or this host's groups don't suit it");
      return false;
    }
    return Target.atMost(most).judge(out, "cell / " + rival, cell.ratioTo(samples.get()));
  }

  private static final List<String> TRUE = List.of("/bin/true");

  private void launchCell() {
    CellSpec spec =
        new CellSpec(
            "bench",
            name("cell"),
            new CellSpec.Program.Native(TRUE),
            Map.of(),
            List.of(),
            LIMITS,
            Duration.ofSeconds(20));
    try (Cell cell = strategy.launch(spec)) {
      CellExit exit = cell.exit().join();
      if (!exit.equals(new CellExit.Exited(0))) {
        throw new IllegalStateException("the cell ended with " + exit);
      }
    }
  }

  /** As much of a cell's isolation as bubblewrap has. */
  private static List<String> bubblewrap(Path program) {
    List<String> command = new ArrayList<>(List.of(program.toString()));
    command.addAll(List.of("--unshare-user", "--unshare-pid", "--unshare-net", "--unshare-ipc"));
    command.addAll(List.of("--unshare-uts", "--unshare-cgroup", "--uid", "1000", "--gid", "1000"));
    command.addAll(List.of("--hostname", "cell", "--die-with-parent", "--new-session"));
    command.addAll(List.of("--cap-drop", "ALL", "--clearenv"));
    command.addAll(List.of("--seccomp", String.valueOf(Baseline.GIVEN)));
    command.addAll(List.of("--ro-bind", "/usr", "/usr", "--symlink", "usr/bin", "/bin"));
    command.addAll(List.of("--symlink", "usr/lib", "/lib", "--symlink", "usr/lib64", "/lib64"));
    for (String file : List.of("/etc/ld.so.cache", "/etc/alternatives", "/etc/ssl/certs")) {
      if (Files.exists(Path.of(file))) {
        command.addAll(List.of("--ro-bind", file, file));
      }
    }
    command.addAll(List.of("--proc", "/proc", "--dev", "/dev"));
    command.addAll(List.of("--size", "67108864", "--tmpfs", "/tmp"));
    command.addAll(List.of("--size", "67108864", "--tmpfs", "/work", "--chdir", "/work"));
    command.add("/bin/true");
    return command;
  }

  private String tier() {
    return strategy.report().tier();
  }

  private String name(String prefix) {
    return prefix + "-" + cells++;
  }

  private static Optional<Path> find(String program) throws IOException {
    Path path = Path.of("/usr/bin", program);
    return Files.isExecutable(path) ? Optional.of(path.toRealPath()) : Optional.empty();
  }
}
