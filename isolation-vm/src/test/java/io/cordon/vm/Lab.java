package io.cordon.vm;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.cordon.policy.SandboxLimits;
import io.cordon.process.ConfinedPrograms;
import io.cordon.process.GuestCells;
import io.cordon.process.kernel.Kernel;
import io.cordon.process.plan.Architecture;
import io.cordon.process.plan.Elf;
import io.cordon.sandbox.SandboxException;
import io.cordon.sandbox.spi.CellSpec;
import io.cordon.sandbox.spi.CellSpec.InputFile;
import io.cordon.sandbox.spi.CellSpec.Program;
import io.cordon.vm.agent.Orders;
import io.cordon.vm.guest.GuestKernels;
import io.cordon.vm.harness.TestCache;
import io.cordon.vm.harness.TestGuest;
import io.cordon.vm.host.HostTool;
import io.cordon.vm.qemu.VmmCell;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The strategy {@code vm} as its provider opens it, with its parts in reach, and with what this
 * host has of it: processes, control groups, descriptors.
 */
final class Lab implements AutoCloseable {
  static final SandboxLimits SMALL = limits(32);

  private static final Path ROOT = TestCache.directory().resolve("tools");
  private static final List<String> TOOLS =
      List.of("sh", "cat", "dd", "od", "uname", "date", "head", "sleep", "tail", "wc", "true");
  private static final Pattern LIBRARY = Pattern.compile("(?m)(/\\S+) \\(0x");
  private static final Architecture ARCHITECTURE = Architecture.of("amd64").orElseThrow();

  private final ConfinedPrograms programs;
  private final VmHost host;
  private final Renewals renewals = new Renewals(InstantSource.system(), new SecureRandom());
  private final VmWorkshop workshop;
  private final VmStrategy strategy;
  private final List<String> said = new CopyOnWriteArrayList<>();

  private Lab(Path cache) {
    programs = ConfinedPrograms.open(cache);
    host = new VmHost(programs, ARCHITECTURE, cache, this::say);
    workshop = new VmWorkshop(programs, ARCHITECTURE, host, renewals, this::say);
    strategy = new VmStrategy(workshop);
  }

  /** Opens one; a test is skipped where no guest can be had. */
  static Lab open() {
    TestGuest.onKernel(GuestKernels.CLOUD); // fetches the kernel, or says why not
    try {
      Lab lab = new Lab(TestCache.directory());
      makeTools();
      assumeThat(lab.strategy.report().usable()).as("micro-VMs on this host").isTrue();
      return lab;
    } catch (SandboxException e) {
      assumeThat((Object) null).as("a guest: " + e.getMessage()).isNotNull();
      throw e;
    }
  }

  /** A root directory with a shell and some of its tools: the same for all, so that it is kept. */
  private static void makeTools() {
    try {
      for (String tool : TOOLS) {
        copy(Path.of("/bin", tool));
        String libraries =
            new HostTool("ldd", "libc-bin")
                .require(Path.of("/"), Duration.ofMinutes(1), List.of("/bin/" + tool));
        for (var library : LIBRARY.matcher(libraries).results().toList()) {
          copy(Path.of(library.group(1)));
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void copy(Path file) throws IOException {
    Path at = ROOT.resolve(Path.of("/").relativize(file));
    if (!Files.exists(at)) {
      Files.createDirectories(at.getParent());
      Files.copy(file.toRealPath(), at, StandardCopyOption.COPY_ATTRIBUTES);
    }
  }

  private void say(String line) {
    said.add(line);
    System.out.println("vm: " + line);
  }

  /** What has been told of the progress. */
  List<String> said() {
    return List.copyOf(said);
  }

  /** How many guests have been booted. */
  long boots() {
    return said.stream().filter(line -> line.startsWith("booting a guest")).count();
  }

  /** Where the template of such cells is on the disk, once it is there. */
  Path onDisk(CellSpec spec) {
    return TestCache.directory()
        .resolve("vm/templates")
        .resolve(workshop.blueprint(spec).key().digest());
  }

  VmStrategy strategy() {
    return strategy;
  }

  Kernel kernel() {
    return programs.kernel();
  }

  VmHost host() {
    return host;
  }

  VmWorkshop workshop() {
    return workshop;
  }

  /** A cell cloned as the strategy does it, in a machine that the host allows so much memory. */
  VmCell cloneWithin(long machineBytes, CellSpec spec) throws IOException {
    Template template = strategy.template(spec);
    VmmCell where =
        new VmmCell(
            spec.tenant(),
            spec.name(),
            new SandboxLimits(1000, machineBytes, 80, SMALL.disk()),
            spec.tenantLimits(),
            spec.startMax());
    Orders orders = new Orders(new GuestCells(ARCHITECTURE));
    GuestMachine machine =
        new GuestMachine(
            host.vmm().resume(where, template.saved()),
            spec.name(),
            spec.limits().disk(),
            new Elf(ARCHITECTURE),
            orders,
            renewals,
            template.init(),
            template.nextOrder());
    machine.listen();
    machine.go();
    CellRun run = workshop.order(machine, template.kernel(), spec);
    return new VmCell(
        machine,
        run,
        GuestMeter.whileItRuns(machine),
        new LiveLimits(machine, spec.limits(), where.limits()),
        machine.stdout(),
        List.of(),
        gone -> {});
  }

  static SandboxLimits limits(int memoryMiB) {
    return new SandboxLimits(1000, (long) memoryMiB << 20, 32, new SandboxLimits.Disk(4 << 20, 64));
  }

  /** A cell for a command. */
  static CellSpec command(String name, String... arguments) {
    return spec("acme", name, program(arguments), SMALL);
  }

  /** A program of the tools. */
  static Program program(String... arguments) {
    return new Program.Native(List.of(arguments), Optional.of(ROOT));
  }

  /** A cell for a shell script. */
  static CellSpec shell(String name, String script) {
    return command(name, "/bin/sh", "-c", script);
  }

  static CellSpec spec(String tenant, String name, Program program, SandboxLimits limits) {
    return given(tenant, name, program, Map.of(), List.of(), limits);
  }

  static CellSpec given(
      String tenant,
      String name,
      Program program,
      Map<String, String> environment,
      List<InputFile> inputs,
      SandboxLimits limits) {
    return new CellSpec(tenant, name, program, environment, inputs, limits, Duration.ofSeconds(60));
  }

  /** The same cell, whose launch may take so long. */
  static CellSpec startingWithin(Duration startMax, CellSpec spec) {
    return new CellSpec(
        spec.tenant(),
        spec.name(),
        spec.program(),
        spec.environment(),
        spec.inputs(),
        spec.limits(),
        spec.tenantLimits(),
        startMax);
  }

  /** What a cell writes until it ends, without input. */
  static String outputOf(VmCell cell) throws IOException {
    cell.stdin().close();
    return new String(cell.stdout().readAllBytes(), UTF_8);
  }

  /** The processes of machines below this JVM. */
  static List<ProcessHandle> machines() {
    return machinesBelow(ProcessHandle.current());
  }

  static List<ProcessHandle> machinesBelow(ProcessHandle parent) {
    return parent
        .descendants()
        .filter(each -> each.info().command().orElse("").contains("qemu-system"))
        .toList();
  }

  /** The control groups of a process, as directories of this host; none that it shares with us. */
  static List<Path> groupsOf(long pid) throws IOException {
    List<String> ours = Files.readAllLines(Path.of("/proc/self/cgroup"));
    List<Path> groups = new ArrayList<>();
    for (String line : Files.readAllLines(Path.of("/proc", Long.toString(pid), "cgroup"))) {
      String[] fields = line.split(":", 3);
      if (ours.contains(line)) {
        continue;
      }
      String hierarchy = fields[1].isEmpty() ? "unified" : fields[1];
      for (Path root :
          List.of(Path.of("/sys/fs/cgroup"), Path.of("/sys/fs/cgroup").resolve(hierarchy))) {
        Path group = root.resolve("." + fields[2]).normalize();
        if (!fields[2].equals("/") && Files.isDirectory(group)) {
          groups.add(group);
        }
      }
    }
    return groups;
  }

  /** What this JVM has open; libraries and classes may come at any time. */
  static List<String> descriptors() throws IOException {
    List<String> open = new ArrayList<>();
    try (Stream<Path> links = Files.list(Path.of("/proc/self/fd"))) {
      for (Path link : (Iterable<Path>) links::iterator) {
        try {
          String target = Files.readSymbolicLink(link).toString();
          if (!target.endsWith(".jar") && !target.endsWith("/fd")) {
            // Of pipes and sockets the kind counts, not the number.
            open.add(target.replaceAll("\\[\\d+]", ""));
          }
        } catch (IOException e) {
          // it was the directory that is being listed
        }
      }
    }
    open.sort(null);
    return open;
  }

  @Override
  public void close() {
    strategy.close();
  }
}
