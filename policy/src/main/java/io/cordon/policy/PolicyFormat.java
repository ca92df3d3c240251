package io.cordon.policy;

import io.cordon.policy.IsolationPolicy.StrategyOverride;
import io.cordon.policy.Syntax.Amount;
import io.cordon.policy.Syntax.Items;
import io.cordon.policy.Syntax.Text;
import io.cordon.policy.Syntax.Word;
import io.cordon.policy.TaskLimits.DenyAction;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.SequencedSet;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * The table of the policy format: every key with how its value is written, its range, its default
 * and what a ceiling does to it. The parser, the hints, the explanation and the JSON Schema all
 * come from here.
 */
final class PolicyFormat {
  private PolicyFormat() {}

  private static final long KI = 1L << 10;
  private static final long MI = 1L << 20;
  private static final long TI = 1L << 40;
  private static final long MILLISECOND = 1_000_000L;
  private static final long SECOND = 1_000_000_000L;
  private static final long DAY = 86_400 * SECOND;

  // PID_MAX_LIMIT, include/linux/threads.h
  private static final long MOST_PIDS = 4_194_304;

  static final String TENANT_NAME = "1 to 63 of a-z, 0-9 and inner hyphens";
  static final Pattern DNS_LABEL = Pattern.compile("^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$");
  private static final Pattern VARIABLE = Pattern.compile("^[A-Za-z_][A-Za-z0-9_]{0,127}$");

  private static final Word<StrategyChoice> STRATEGIES =
      Word.of(StrategyChoice.values(), StrategyChoice::key);

  static final Key<String> TENANT =
      new Key<>(
          "tenant",
          "tenant",
          new Text(DNS_LABEL, "a tenant's name: " + TENANT_NAME),
          Ceiling.none(),
          Optional.empty(),
          "The tenant's name, which is also the name of the file.");

  static final Key<StrategyChoice> STRATEGY =
      new Key<>(
          "isolation.strategy",
          "strategy",
          STRATEGIES,
          Ceiling.cutting(PolicyFormat::stricter),
          Optional.of(StrategyChoice.AUTO),
          "How workloads are isolated that no override is for.");

  static final Key<SequencedSet<Protection>> REQUIRE =
      new Key<>(
          "isolation.require",
          "require",
          new Items<>(Word.of(Protection.values(), Protection::key), Protection.values().length),
          Ceiling.demanding(PolicyFormat::union),
          Optional.of(inOrder(Set.of(Protection.NAMESPACES, Protection.SECCOMP))),
          "The protections without which nothing of the tenant starts.");

  private static final Key<WorkloadKind> WHEN_KIND =
      new Key<>(
          "isolation.overrides.when.kind",
          "kind",
          Word.of(WorkloadKind.values(), WorkloadKind::key),
          Ceiling.none(),
          Optional.empty(),
          "The kind of workload.");

  private static final Key<StrategyChoice> THEN_STRATEGY =
      new Key<>(
          "isolation.overrides.strategy",
          "strategy",
          STRATEGIES,
          Ceiling.none(),
          Optional.empty(),
          "How workloads of this kind are isolated.");

  private static final Section OVERRIDE =
      new Section(
          "isolation.overrides",
          "overrides",
          List.of(
              new Section(
                  "isolation.overrides.when",
                  "when",
                  List.of(WHEN_KIND),
                  List.of("kind"),
                  "Which workloads the override is for."),
              THEN_STRATEGY),
          List.of("when", "strategy"),
          "A strategy for one kind of workload.");

  // What a ceiling does to it depends on the strategies beside it: see Merge.overrides.
  static final Key<List<StrategyOverride>> OVERRIDES =
      new Key<>(
          "isolation.overrides",
          "overrides",
          new Overrides(OVERRIDE, WHEN_KIND, THEN_STRATEGY),
          Ceiling.none(),
          Optional.of(List.of()),
          "Other strategies for some kinds of workload; the first that matches decides.");

  static final Key<Emulation> EMULATION =
      new Key<>(
          "isolation.vm.emulation",
          "emulation",
          Word.of(Emulation.values(), Emulation::key),
          Ceiling.cutting((asked, ceiling) -> ceiling == Emulation.REFUSE ? ceiling : asked),
          Optional.of(Emulation.REFUSE),
          "Whether a micro-VM may be emulated where the host has no usable KVM.");

  static final Key<Long> TASKS_CONCURRENT =
      amount(
          "limits",
          Limit.TASKS_CONCURRENT.key(),
          new Amount(Scale.COUNT, 1, 65_536),
          Optional.empty(),
          "How many tasks of the tenant may run at once.");

  static final Key<TaskRate> TASKS_RATE =
      new Key<>(
          "limits." + Limit.TASKS_RATE.key(),
          Limit.TASKS_RATE.key(),
          new Rate(new Amount(Scale.COUNT, 1, 1_000_000), new Amount(Scale.TIME, SECOND, DAY)),
          Ceiling.cutting(TaskRate::within),
          Optional.empty(),
          "How many tasks of the tenant may begin in a while: so many at once, and then evenly.");

  static final Key<CpuBudget> CPU_BUDGET =
      new Key<>(
          "limits." + Limit.CPU_BUDGET.key(),
          Limit.CPU_BUDGET.key(),
          new Budget(
              new Amount(Scale.TIME, MILLISECOND, 1_024 * 31 * DAY),
              new Amount(Scale.TIME, SECOND, 31 * DAY)),
          Ceiling.cutting(CpuBudget::within),
          Optional.empty(),
          "Processor time of all tasks of the tenant within a sliding window; once it is used, what"
              + " runs goes on and nothing begins.");

  static final Key<Long> QUEUE_MAX =
      amount(
          "limits.tasks.queue",
          "max",
          new Amount(Scale.COUNT, 0, 65_536),
          Optional.of(0L),
          "How many tasks of the tenant may wait for their admission; more are refused.");

  static final Key<Long> QUEUE_WAIT =
      amount(
          "limits.tasks.queue",
          "wait",
          new Amount(Scale.TIME, MILLISECOND, DAY),
          Optional.of(5 * SECOND),
          "How long a task waits for its admission; then it is refused.");

  static final Key<Long> TENANT_CPU =
      amount(
          "limits",
          Limit.CPU.key(),
          new Amount(Scale.CORES, 10, 1_024_000),
          Optional.empty(),
          "Processor cores of all sandboxes of the tenant together; more is slowed down.");

  static final Key<Long> TENANT_MEMORY =
      amount(
          "limits",
          Limit.MEMORY.key(),
          new Amount(Scale.BYTES, MI, 64 * TI),
          Optional.empty(),
          "Memory of all sandboxes of the tenant together, idle workers included; for more, one of"
              + " them is killed.");

  static final Key<Long> TENANT_PIDS =
      amount(
          "limits",
          Limit.PIDS.key(),
          new Amount(Scale.COUNT, 1, MOST_PIDS),
          Optional.empty(),
          "Processes and threads of all sandboxes of the tenant together, idle workers included;"
              + " more is denied.");

  static final Key<Long> CPU_MAX =
      amount(
          "sandbox",
          Limit.CPU.key(),
          new Amount(Scale.CORES, 10, 1_024_000),
          Optional.of(1_000L),
          "Processor cores; more is slowed down.");

  static final Key<Long> MEMORY_MAX =
      amount(
          "sandbox",
          Limit.MEMORY.key(),
          new Amount(Scale.BYTES, MI, 64 * TI),
          Optional.of(256 * MI),
          "Memory of all processes of the sandbox together, and in a process cell its files; more is"
              + " killed.");

  static final Key<Long> PIDS_MAX =
      amount(
          "sandbox",
          Limit.PIDS.key(),
          new Amount(Scale.COUNT, 1, MOST_PIDS),
          Optional.of(64L),
          "Processes and threads together; more is denied.");

  static final Key<Long> DISK_BYTES =
      amount(
          "sandbox.disk.max",
          "bytes",
          new Amount(Scale.BYTES, 64 * KI, 64 * TI),
          Optional.of(64 * MI),
          "Bytes in the working directory and /tmp together; more is denied.");

  static final Key<Long> DISK_INODES =
      amount(
          "sandbox.disk.max",
          "inodes",
          new Amount(Scale.COUNT, 16, 1_000_000_000),
          Optional.of(10_000L),
          "Files and directories in the working directory and /tmp together; more is denied.");

  static final Key<Long> CPU_WEIGHT =
      amount(
          "sandbox",
          "cpu.weight",
          new Amount(Scale.COUNT, 1, 10_000),
          Optional.of(100L),
          "Share of processors that are busy, against that of others.");

  static final Key<IndexSet> CPUS = indices("cpuset.cpus", "The processors that it may run on.");

  static final Key<IndexSet> MEMS =
      indices("cpuset.mems", "The memory nodes that it may allocate from.");

  static final Key<Long> MEMORY_HIGH =
      amount(
          "sandbox",
          "memory.high",
          new Amount(Scale.BYTES, MI, 64 * TI),
          Optional.empty(),
          "Memory above which it is slowed down and has to give some back.");

  static final Key<Long> MEMORY_SWAP_MAX =
      amount(
          "sandbox",
          "memory.swap.max",
          new Amount(Scale.BYTES, 0, 64 * TI),
          Optional.of(0L),
          "Memory that may be swapped out.");

  static final Key<Long> IO_READ_BYTES =
      io(
          "rbps",
          Scale.BYTES,
          "Bytes a second that may be read from each disk; more is slowed down.");

  static final Key<Long> IO_WRITE_BYTES =
      io(
          "wbps",
          Scale.BYTES,
          "Bytes a second that may be written to each disk; more is slowed down.");

  static final Key<Long> IO_READS =
      io("riops", Scale.COUNT, "Reads a second from each disk; more is slowed down.");

  static final Key<Long> IO_WRITES =
      io("wiops", Scale.COUNT, "Writes a second to each disk; more is slowed down.");

  static final Key<Long> IO_WEIGHT =
      amount(
          "sandbox",
          "io.weight",
          new Amount(Scale.COUNT, 1, 10_000),
          Optional.of(100L),
          "Share of disks that are busy, against that of others.");

  static final Key<Long> FILES_MAX =
      amount(
          "sandbox",
          "files.max",
          new Amount(Scale.COUNT, 32, 1_048_576),
          Optional.of(1024L),
          "Files that each process may have open; more is denied.");

  static final Key<Long> WALL_MAX =
      amount(
          "task",
          Limit.WALL.key(),
          new Amount(Scale.TIME, MILLISECOND, 7 * DAY),
          Optional.of(5 * SECOND),
          "How long a task may take, from its dispatch; then it is killed.");

  static final Key<Long> CPU_TIME =
      amount(
          "task",
          Limit.CPU_TIME.key(),
          new Amount(Scale.TIME, MILLISECOND, 7 * DAY),
          Optional.empty(),
          "How much processor time a task may use; then it is killed.");

  static final Key<Long> OUTPUT_MAX =
      amount(
          "task",
          Limit.OUTPUT.key(),
          new Amount(Scale.BYTES, 1, TI),
          Optional.of(MI),
          "Bytes that a task may write to its standard streams and results; more is killed.");

  static final Key<Long> START_MAX =
      amount(
          "task",
          Limit.START.key(),
          new Amount(Scale.TIME, MILLISECOND, DAY / 24),
          Optional.of(10 * SECOND),
          "How long a sandbox may take to start; then it is killed.");

  static final Key<DenyAction> ON_DENY =
      new Key<>(
          "task.onDeny",
          "onDeny",
          Word.of(DenyAction.values(), DenyAction::key),
          Ceiling.cutting((task, ceiling) -> ceiling == DenyAction.KILL ? ceiling : task),
          Optional.of(DenyAction.CONTINUE),
          "What a denied request does to the task.");

  static final Key<Long> STATEMENTS =
      amount(
          "script",
          Limit.STATEMENTS.key(),
          new Amount(Scale.COUNT, 1, 1_000_000_000_000L),
          Optional.empty(),
          "How many statements a script may execute; then it is ended.");

  static final Key<Long> STACK_DEPTH =
      amount(
          "script",
          Limit.STACK_DEPTH.key(),
          new Amount(Scale.COUNT, 1, 65_536),
          Optional.empty(),
          "How many functions of a script may be under way at once; then it is ended.");

  static final Key<SequencedSet<String>> ENVIRONMENT =
      new Key<>(
          "environment",
          "environment",
          new Items<>(new Text(VARIABLE, "the name of an environment variable"), 64),
          Ceiling.cutting(PolicyFormat::intersection),
          Optional.of(PolicyFormat.<String>inOrder(Set.of())),
          "The names of the host's environment variables that a native program may see.");

  /** What a defaults.yaml and a ceiling.yaml may hold. */
  static final Section SHARED =
      root(
          List.of(
              section(
                  "isolation",
                  "How the tenant's code is isolated.",
                  STRATEGY,
                  REQUIRE,
                  OVERRIDES,
                  new Section(
                      "isolation.vm", "vm", List.of(EMULATION), List.of(), "About micro-VMs.")),
              section(
                  "limits",
                  "Limits of the tenant as a whole.",
                  TASKS_CONCURRENT,
                  TASKS_RATE,
                  CPU_BUDGET,
                  new Section(
                      "limits.tasks.queue",
                      "tasks.queue",
                      List.of(QUEUE_MAX, QUEUE_WAIT),
                      List.of(),
                      "Where tasks wait that may not begin yet; first come, first served."),
                  TENANT_CPU,
                  TENANT_MEMORY,
                  TENANT_PIDS),
              section(
                  "sandbox",
                  "Limits of each sandbox.",
                  CPU_MAX,
                  MEMORY_MAX,
                  PIDS_MAX,
                  new Section(
                      "sandbox.disk.max",
                      Limit.DISK.key(),
                      List.of(DISK_BYTES, DISK_INODES),
                      List.of(),
                      "Writable space: the working directory and /tmp together."),
                  FILES_MAX,
                  CPU_WEIGHT,
                  CPUS,
                  MEMS,
                  MEMORY_HIGH,
                  MEMORY_SWAP_MAX,
                  new Section(
                      "sandbox.io.max",
                      "io.max",
                      List.of(IO_READ_BYTES, IO_WRITE_BYTES, IO_READS, IO_WRITES),
                      List.of(),
                      "What may go from and to each disk."),
                  IO_WEIGHT),
              section(
                  "task",
                  "Limits of each task.",
                  WALL_MAX,
                  CPU_TIME,
                  OUTPUT_MAX,
                  START_MAX,
                  ON_DENY),
              ENVIRONMENT,
              section(
                  "script",
                  "Limits of each script, counted by what runs it.",
                  STATEMENTS,
                  STACK_DEPTH),
              section(
                  "network",
                  "What a sandbox may reach.",
                  unsupported("network", "egress"),
                  unsupported("network", "bandwidth"))),
          List.of(),
          "What tenants may use.");

  /** What a tenant's own file may hold. */
  static final Section TENANT_FILE = withTenant(SHARED);

  /** Every key that a policy has a value for, in the order of the manual. */
  static List<Key<?>> keys() {
    return keys(SHARED);
  }

  private static List<Key<?>> keys(Section section) {
    return section.entries().stream()
        .<Key<?>>mapMulti(
            (entry, keys) -> {
              switch (entry) {
                case Key<?> key -> keys.accept(key);
                case Section inner -> keys(inner).forEach(keys);
                case Unsupported _ -> {}
              }
            })
        .toList();
  }

  private static Section withTenant(Section shared) {
    List<Entry> entries = new ArrayList<>();
    entries.add(TENANT);
    entries.addAll(shared.entries());
    return root(entries, List.of("tenant"), "What one tenant may use.");
  }

  private static Section root(List<Entry> entries, List<String> required, String doc) {
    return new Section("", "", List.copyOf(entries), required, doc);
  }

  private static Section section(String name, String doc, Entry... entries) {
    return new Section(name, name, Arrays.asList(entries), List.of(), doc);
  }

  private static Unsupported unsupported(String section, String name) {
    return new Unsupported(section + "." + name, name);
  }

  private static Key<Long> amount(
      String section, String name, Amount syntax, Optional<Long> builtIn, String doc) {
    return new Key<>(section + "." + name, name, syntax, Ceiling.cutting(Math::min), builtIn, doc);
  }

  private static Key<IndexSet> indices(String name, String doc) {
    return new Key<>(
        "sandbox." + name,
        name,
        new Syntax.Indices(),
        Ceiling.cutting(IndexSet::within),
        Optional.empty(),
        doc);
  }

  private static Key<Long> io(String name, Scale scale, String doc) {
    return amount("sandbox.io.max", name, new Amount(scale, 1, TI), Optional.empty(), doc);
  }

  /** The strategy under a ceiling: nothing but a micro-VM takes something away. */
  static StrategyChoice stricter(StrategyChoice asked, StrategyChoice ceiling) {
    return ceiling == StrategyChoice.VM ? ceiling : asked;
  }

  private static <E extends Comparable<E>> SequencedSet<E> union(
      SequencedSet<E> one, SequencedSet<E> other) {
    Set<E> all = new TreeSet<>(one);
    all.addAll(other);
    return inOrder(all);
  }

  private static <E extends Comparable<E>> SequencedSet<E> intersection(
      SequencedSet<E> one, SequencedSet<E> other) {
    Set<E> both = new TreeSet<>(one);
    both.retainAll(other);
    return inOrder(both);
  }

  private static <E extends Comparable<E>> SequencedSet<E> inOrder(Set<E> items) {
    return Collections.unmodifiableSequencedSet(new LinkedHashSet<>(new TreeSet<>(items)));
  }
}
