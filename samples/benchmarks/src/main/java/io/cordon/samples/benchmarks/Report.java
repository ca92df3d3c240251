package io.cordon.samples.benchmarks;

import io.cordon.sandbox.CacheLocation;
import io.cordon.sandbox.Plugin;
import io.cordon.sandbox.Sandbox;
import io.cordon.sandbox.Sandboxes;
import io.cordon.sandbox.Tenant;
import io.cordon.sandbox.spi.IsolationStrategy;
import io.cordon.sandbox.spi.IsolationStrategyProvider;
import io.cordon.vm.setup.VmSetup;
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
      met &= quotas(sandboxes, scratch, out);
    }
    met &= new NeighbourReport(scratch, out).run();
    met &= microVms(scratch, cache, out);
    out.println(met ? "Every target was met." : "NOT every target was met.");
    return met;
  }

  private static boolean quotas(Sandboxes sandboxes, Path scratch, PrintStream out)
      throws Exception {
    Tenant tenant = sandboxes.tenant("bench");
    boolean met = new ProcessorReport(tenant, out).run();
    Path jar = EchoPluginJar.write(scratch.resolve("echo.jar"));
    try (Sandbox plugin = tenant.open(Plugin.jar(jar))) {
      plugin.service(Echo.class);
      met &= new KillReport(tenant, sandboxes.tenant("hasty"), out).run(plugin);
      return met;
    }
  }

  private static boolean microVms(Path scratch, Path cache, PrintStream out) throws Exception {
    new VmSetup(CacheLocation.usual(), out::println).run();
    try (IsolationStrategy vm = strategy("vm", CacheLocation.usual());
        IsolationStrategy process = processStrategy(cache)) {
      MicroVmReport report =
          new MicroVmReport(() -> strategy("vm", CacheLocation.usual()), vm, process, scratch, out);
      return !report.possible() || report.run();
    }
  }

  /** The sandboxes of one tenant, {@code bench-vm}, who has them in micro-VMs. */
  static Sandboxes microVmSandboxes(Path scratch) throws IOException {
    Path policies = Files.createDirectories(scratch.resolve("vm-policies"));
    Files.writeString(
        policies.resolve("bench-vm.yaml"),
        """
        tenant: bench-vm
        isolation: { strategy: vm, vm: { emulation: allow } }
        sandbox: { cpu.max: 2, memory.max: 384Mi }
        task: { wall.max: 60s, start.max: 60s }
        """);
    return Sandboxes.builder(policies).open();
  }

  private static Path policies(Path scratch) throws IOException {
    Path policies = Files.createDirectories(scratch.resolve("policies"));
    Files.writeString(policies.resolve("bench.yaml"), POLICY);
    Files.writeString(
        policies.resolve("hasty.yaml"),
        """
        tenant: hasty
        task: { wall.max: 50ms }
        """);
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
    return strategy("process", cache);
  }

  private static IsolationStrategy strategy(String name, Path cache) {
    for (IsolationStrategyProvider provider : ServiceLoader.load(IsolationStrategyProvider.class)) {
      if (provider.name().equals(name)) {
        return provider.open(new IsolationStrategyProvider.Context(cache, message -> {}));
      }
    }
    throw new IllegalStateException("no strategy " + name + " on the class path");
  }

  static void delete(Path directory) throws IOException {
    try (var paths = Files.walk(directory)) {
      for (Path path : paths.sorted(java.util.Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(path);
      }
    }
  }
}
