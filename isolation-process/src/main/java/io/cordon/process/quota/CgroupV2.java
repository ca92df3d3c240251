package io.cordon.process.quota;

import io.cordon.policy.SandboxLimits;
import io.cordon.policy.SandboxLimits.Io;
import io.cordon.policy.SandboxLimits.Tuning;
import io.cordon.policy.TenantLimits;
import io.cordon.process.kernel.Signal;
import io.cordon.sandbox.Evidence;
import io.cordon.sandbox.Usage;
import io.cordon.sandbox.spi.LimitLayer;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Control groups of version 2: one tree for all controllers.
 *
 * <p>See Documentation/admin-guide/cgroup-v2.rst of the kernel.
 */
record CgroupV2(List<String> disks) implements CgroupVersion {

  /** On a host without disks. */
  CgroupV2() {
    this(List.of());
  }

  private static final long NANOS_PER_MICRO = 1000;
  private static final Pattern SOME = Pattern.compile("some avg10=([0-9.]+)");

  @Override
  public String tier() {
    return "cgroup-v2";
  }

  @Override
  public String joinFile() {
    return "cgroup.procs";
  }

  /** Since 5.7. */
  @Override
  public boolean takesTheNewborn() {
    return true;
  }

  @Override
  public String lockFile() {
    return "cgroup.max.depth";
  }

  @Override
  public List<Setting> settings(Controller controller, SandboxLimits limits, TenantLimits total) {
    return switch (controller) {
      case MEMORY -> {
        List<Setting> settings = new ArrayList<>();
        settings.add(Setting.of("memory.max", limits.memoryMax()));
        settings.add(Setting.whereOffered("memory.swap.max", limits.tuning().memorySwapMax()));
        settings.add(Setting.whereOffered("memory.oom.group", 1)); // since 4.19
        if (limits.tuning().memoryHigh().isPresent()) {
          settings.add(Setting.of("memory.high", limits.tuning().memoryHigh().getAsLong()));
        }
        yield settings;
      }
      case CPU ->
          LimitLayer.CPU_WEIGHT.usedBy(limits)
              ? List.of(
                  cpu(limits.cpuMaxMillis()), Setting.of("cpu.weight", limits.tuning().cpuWeight()))
              : List.of(cpu(limits.cpuMaxMillis()));
      case PIDS -> List.of(Setting.of("pids.max", limits.pidsMax()));
      case CPUSET -> cpuset(limits.tuning());
      case IO -> io(limits);
      case CPUACCT, FREEZER -> List.of();
    };
  }

  @Override
  public List<Setting> usual(Controller controller, SandboxLimits limits) {
    return switch (controller) {
      case CPU ->
          LimitLayer.CPU_WEIGHT.usedBy(limits)
              ? List.of()
              : List.of(Setting.whereOffered("cpu.weight", Tuning.USUAL_WEIGHT));
      case MEMORY ->
          limits.tuning().memoryHigh().isPresent()
              ? List.of()
              : List.of(Setting.whereOffered("memory.high", "max"));
      case PIDS, CPUACCT, FREEZER, CPUSET, IO -> List.of();
    };
  }

  private static List<Setting> cpuset(Tuning tuning) {
    List<Setting> settings = new ArrayList<>();
    tuning.cpus().ifPresent(cpus -> settings.add(Setting.of("cpuset.cpus", cpus)));
    tuning.mems().ifPresent(mems -> settings.add(Setting.of("cpuset.mems", mems)));
    return settings;
  }

  private List<Setting> io(SandboxLimits limits) {
    Io io = limits.tuning().io();
    StringBuilder line = new StringBuilder();
    word("rbps", io.readBytes(), line);
    word("wbps", io.writeBytes(), line);
    word("riops", io.reads(), line);
    word("wiops", io.writes(), line);
    List<Setting> settings = new ArrayList<>();
    if (!line.isEmpty()) {
      disks.forEach(disk -> settings.add(Setting.of("io.max", disk + line)));
    }
    if (LimitLayer.IO_WEIGHT.usedBy(limits)) {
      settings.add(Setting.whereOffered("io.weight", "default " + limits.tuning().ioWeight()));
      settings.add( // of bfq: from 1 to 1000, and 100 is usual
          Setting.whereOffered("io.bfq.weight", Math.min(1000, limits.tuning().ioWeight())));
    }
    return settings;
  }

  @Override
  public List<Setting> unthrottled() {
    return disks.stream()
        .map(disk -> Setting.of("io.max", disk + " rbps=max wbps=max riops=max wiops=max"))
        .toList();
  }

  private static void word(String key, OptionalLong limit, StringBuilder line) {
    if (limit.isPresent()) {
      line.append(' ').append(key).append('=').append(limit.getAsLong());
    }
  }

  private static Setting cpu(long millicores) {
    CpuBandwidth bandwidth = CpuBandwidth.ofMillicores(millicores);
    return Setting.of("cpu.max", bandwidth.quotaMicros() + " " + bandwidth.periodMicros());
  }

  /** Without {@code memory.oom.group}: one cell dies for the total, whole by its own setting. */
  @Override
  public List<Setting> settings(Controller controller, TenantLimits total) {
    return switch (controller) {
      case MEMORY ->
          List.of(
              Setting.of(
                  "memory.max",
                  total.memoryMax().isPresent() ? total.memoryMax().getAsLong() : "max"));
      case CPU ->
          List.of(
              total.cpuMaxMillis().isPresent()
                  ? cpu(total.cpuMaxMillis().getAsLong())
                  : Setting.of("cpu.max", "max 100000"));
      case PIDS ->
          List.of(
              Setting.of(
                  "pids.max", total.pidsMax().isPresent() ? total.pidsMax().getAsInt() : "max"));
      case CPUACCT, FREEZER, CPUSET, IO -> List.of();
    };
  }

  @Override
  public String limitFile(Controller controller) {
    return switch (controller) {
      case CPU, MEMORY, PIDS -> controller.kernelName() + ".max";
      case CPUACCT, FREEZER, CPUSET, IO -> throw new IllegalArgumentException("" + controller);
    };
  }

  /** A number, or {@code max}; for the processor with a period behind it. */
  @Override
  public OptionalLong limit(Controller controller, ControlGroup group) {
    try {
      String[] words = group.read(limitFile(controller)).split(" ", -1);
      if (words[0].equals("max")) {
        return OptionalLong.empty();
      }
      long limit = Long.parseLong(words[0]);
      return OptionalLong.of(
          controller == Controller.CPU
              ? new CpuBandwidth(limit, Long.parseLong(words[1])).millicores()
              : limit);
    } catch (IOException e) {
      return OptionalLong.empty();
    }
  }

  /** Here a limit may be above that of an ancestor. */
  @Override
  public void makeWay(Controller controller, TenantLimits total, ControlGroup tenant) {}

  @Override
  public void delegate(ControlGroup group, Set<Controller> controllers) throws IOException {
    for (Controller controller : controllers) {
      switch (controller) {
        case MEMORY, CPU, PIDS, CPUSET, IO ->
            group.write("cgroup.subtree_control", "+" + controller.kernelName());
        case CPUACCT, FREEZER -> {} // part of every group
      }
    }
  }

  @Override
  public MemoryMeter memory(ControlGroup group) {
    CounterFile current = group.counter("memory.current");
    CounterFile events = group.counter("memory.events");
    return group.has("memory.peak") // since 5.19
        ? new Memory(current, group.counter("memory.peak"), events)
        : new PeaklessMemory(current, events, new AtomicLong());
  }

  @Override
  public CpuMeter cpu(ControlGroup group) {
    return new Cpu(group.counter("cpu.stat"));
  }

  /** Here a group has what its parent has, until it is told otherwise. */
  @Override
  public void prepare(ControlGroup group, Set<Controller> controllers) {}

  /** {@code 8:0 rbytes=4096 wbytes=0 ...}: a line for each disk. */
  @Override
  public FlowFiles.IoCount io(ControlGroup group) {
    return () -> {
      long read = 0;
      long written = 0;
      for (String word : group.read("io.stat").split("[ \n]", -1)) {
        if (word.startsWith("rbytes=")) {
          read += Long.parseLong(word.substring("rbytes=".length()));
        } else if (word.startsWith("wbytes=")) {
          written += Long.parseLong(word.substring("wbytes=".length()));
        }
      }
      return new CounterFile.Pair(read, written);
    };
  }

  @Override
  public FlowMeter flow(ControlGroup group) {
    return new ThrottleMeter(group.counter("cpu.stat"), "throttled_usec", NANOS_PER_MICRO);
  }

  @Override
  public MemoryTotal memoryTotal(ControlGroup cell, ControlGroup tenant) throws IOException {
    // since 5.2; without it, a cell of the tenant's that meets its own limit counts, too
    CounterFile tenantEvents =
        tenant.counter(tenant.has("memory.events.local") ? "memory.events.local" : "memory.events");
    return new Total(
        cell.counter("memory.events"),
        tenantEvents,
        tenantEvents.field("oom"),
        tenant.has("memory.peak") ? Optional.of(tenant.counter("memory.peak")) : Optional.empty());
  }

  /**
   * Who died without the cell's having met its limit, but with the tenant's having met its.
   *
   * @param before how often the tenant had met it before there was this cell
   */
  private record Total(
      CounterFile events, CounterFile tenantEvents, long before, Optional<CounterFile> most)
      implements MemoryTotal {
    @Override
    public long kills() throws IOException {
      CounterFile.Pair pair = events.fields("oom", "oom_kill");
      boolean killedForAnother = pair.second() > 0 && pair.first() == 0;
      return killedForAnother && tenantEvents.field("oom") > before ? pair.second() : 0;
    }

    @Override
    public OptionalLong peak() throws IOException {
      return most.isPresent() ? OptionalLong.of(most.get().value()) : OptionalLong.empty();
    }

    @Override
    public Evidence evidence() {
      return Evidence.KERNEL;
    }

    @Override
    public void close() {
      events.close();
      tenantEvents.close();
      most.ifPresent(CounterFile::close);
    }
  }

  @Override
  public List<String> eventFiles(ControlGroup group) {
    return Stream.of("memory.events", "pids.events").filter(group::has).toList();
  }

  /** None where the kernel was built without it, or booted with psi=0: then reading fails. */
  @Override
  public Optional<Usage.Pressure> pressure(ControlGroup group) throws IOException {
    if (!group.has("cpu.pressure")) { // since 4.20
      return Optional.empty();
    }
    try {
      return Optional.of(
          new Usage.Pressure(
              stalled(group.read("cpu.pressure")),
              stalled(group.read("memory.pressure")),
              stalled(group.read("io.pressure"))));
    } catch (IOException e) {
      if (group.has("cpu.pressure")) {
        return Optional.empty(); // EOPNOTSUPP
      }
      throw e; // the group is gone
    }
  }

  /** {@code some avg10=1.23 avg60=...}: of the last ten seconds, in percent. */
  private static double stalled(String pressure) throws IOException {
    Matcher matcher = SOME.matcher(pressure);
    if (!matcher.find()) {
      throw new IOException("no figure of pressure in: " + pressure);
    }
    return Double.parseDouble(matcher.group(1)) / 100;
  }

  @Override
  public boolean needsLooking(ControlGroup group) {
    return !group.has("memory.oom.group") || !group.has("memory.peak");
  }

  @Override
  public void kill(Collection<ControlGroup> groups, ProcessSignals signals) throws IOException {
    for (ControlGroup group : groups) {
      if (group.has("cgroup.kill")) { // since 5.14; takes the frozen, and children forked meanwhile
        group.write("cgroup.kill", "1");
      } else {
        new SignalRounds(signals)
            .send(Signal.SIGKILL, group::processes); // here the frozen take a SIGKILL
      }
    }
  }

  @Override
  public boolean freeze(Collection<ControlGroup> groups) throws IOException {
    for (ControlGroup group : groups) {
      if (!group.has("cgroup.freeze")) { // since 5.2
        return false;
      }
      group.write("cgroup.freeze", "1");
    }
    return !groups.isEmpty();
  }

  @Override
  public boolean frozen(Collection<ControlGroup> groups) throws IOException {
    for (ControlGroup group : groups) {
      if (!group.read("cgroup.events").contains("frozen 1")) {
        return false;
      }
    }
    return true;
  }

  @Override
  public boolean freezesByHalves() {
    return false;
  }

  @Override
  public void thaw(Collection<ControlGroup> groups) throws IOException {
    for (ControlGroup group : groups) {
      if (group.has("cgroup.freeze")) {
        group.write("cgroup.freeze", "0");
      }
    }
  }

  /**
   * A write to memory.high reclaims what is above it; one to memory.max would kill for the rest.
   */
  @Override
  public void reclaim(ControlGroup group, long memoryMax) throws IOException {
    if (use(group) <= memoryMax) {
      return;
    }
    String high = group.read("memory.high");
    group.write("memory.high", Long.toString(memoryMax));
    try {
      if (use(group) > memoryMax) {
        throw new IOException(group.directory() + " uses " + use(group) + " bytes");
      }
    } finally {
      group.write("memory.high", high);
    }
  }

  private static long use(ControlGroup group) throws IOException {
    return Long.parseLong(group.read("memory.current"));
  }

  /** The event {@code oom} is the group's own limit; without it somebody further out met theirs. */
  private static long kills(CounterFile events) throws IOException {
    CounterFile.Pair pair = events.fields("oom", "oom_kill");
    return pair.first() > 0 ? pair.second() : 0;
  }

  private record Memory(CounterFile now, CounterFile most, CounterFile events)
      implements MemoryMeter {

    @Override
    public OptionalLong current() throws IOException {
      return OptionalLong.of(now.value());
    }

    @Override
    public OptionalLong peak() throws IOException {
      return OptionalLong.of(most.value());
    }

    @Override
    public long kills() throws IOException {
      return CgroupV2.kills(events);
    }

    @Override
    public Evidence evidence() {
      return Evidence.KERNEL;
    }

    @Override
    public void close() {
      now.close();
      most.close();
      events.close();
    }
  }

  /** Where the kernel keeps no peak: the most that was seen. */
  private record PeaklessMemory(CounterFile now, CounterFile events, AtomicLong mostSeen)
      implements MemoryMeter {

    @Override
    public OptionalLong current() throws IOException {
      return OptionalLong.of(look());
    }

    @Override
    public OptionalLong peak() throws IOException {
      look();
      return OptionalLong.of(mostSeen.get());
    }

    @Override
    public long kills() throws IOException {
      look();
      return CgroupV2.kills(events);
    }

    private long look() throws IOException {
      long bytes = now.value();
      mostSeen.accumulateAndGet(bytes, Math::max);
      return bytes;
    }

    @Override
    public Evidence evidence() {
      return Evidence.KERNEL;
    }

    @Override
    public void close() {
      now.close();
      events.close();
    }
  }

  private record Cpu(CounterFile stat) implements CpuMeter {

    @Override
    public CpuTime time() throws IOException {
      CounterFile.Pair micros = stat.fields("user_usec", "system_usec");
      return new CpuTime(micros.first() * NANOS_PER_MICRO, micros.second() * NANOS_PER_MICRO);
    }

    @Override
    public void close() {
      stat.close();
    }
  }
}
