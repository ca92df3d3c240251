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
import java.util.stream.LongStream;

/**
 * Control groups of version 1: a tree for each controller, or for a few.
 *
 * <p>See Documentation/admin-guide/cgroup-v1 of the kernel.
 *
 * @param cpuCeiling the tightest {@code cpu} limit of this application's own groups, in millicores,
 *     if there is one. A child must not be given more than its parents (EINVAL), and without a
 *     limit of its own it has theirs.
 * @param disks {@code major:minor} of each
 */
record CgroupV1(OptionalLong cpuCeiling, List<String> disks) implements CgroupVersion {

  /** On a host without disks. */
  CgroupV1(OptionalLong cpuCeiling) {
    this(cpuCeiling, List.of());
  }

  /** A huge page: what is refused at the limit is no larger, so use was at least so close to it. */
  private static final long LARGEST_CHARGE = 2 << 20;

  private static final long UNLIMITED = -1;

  /** Nobody's limit: a group without one says LONG_MAX, rounded down to a page. */
  private static final long NO_LIMIT = Long.MAX_VALUE - (1 << 20);

  private static final String FREEZER = "freezer.state";

  @Override
  public String tier() {
    return "cgroup-v1";
  }

  /** A single thread that moves itself through {@code tasks} waits for no RCU grace period. */
  @Override
  public String joinFile() {
    return "tasks";
  }

  @Override
  public boolean takesTheNewborn() {
    return false;
  }

  @Override
  public String lockFile() {
    return "notify_on_release";
  }

  @Override
  public List<Setting> settings(Controller controller, SandboxLimits limits, TenantLimits total) {
    return switch (controller) {
      case MEMORY -> {
        long swap = limits.tuning().memorySwapMax();
        List<Setting> settings = new ArrayList<>();
        settings.add(Setting.of("memory.limit_in_bytes", limits.memoryMax()));
        // after the one above: never may memory alone exceed memory and swap together
        settings.add(
            Setting.whereOffered("memory.memsw.limit_in_bytes", limits.memoryMax() + swap));
        if (swap == 0) {
          settings.add(Setting.whereOffered("memory.swappiness", 0));
        }
        yield settings;
      }
      case CPU -> {
        List<Setting> settings =
            new ArrayList<>(cpu(OptionalLong.of(limits.cpuMaxMillis()), least(cpuCeiling, total)));
        if (LimitLayer.CPU_WEIGHT.usedBy(limits)) {
          settings.add(Setting.of("cpu.shares", shares(limits.tuning().cpuWeight())));
        }
        yield settings;
      }
      case PIDS -> List.of(Setting.of("pids.max", limits.pidsMax()));
      case CPUSET -> cpuset(limits.tuning());
      case IO -> io(limits);
      case CPUACCT, FREEZER -> List.of();
    };
  }

  @Override
  public List<Setting> usual(Controller controller, SandboxLimits limits) {
    return controller == Controller.CPU && !LimitLayer.CPU_WEIGHT.usedBy(limits)
        ? List.of(Setting.of("cpu.shares", shares(Tuning.USUAL_WEIGHT)))
        : List.of();
  }

  @Override
  public List<Setting> settings(Controller controller, TenantLimits total) {
    return switch (controller) {
      case MEMORY -> {
        long bytes = total.memoryMax().orElse(UNLIMITED);
        yield List.of(
            Setting.of("memory.limit_in_bytes", bytes),
            Setting.whereOffered("memory.memsw.limit_in_bytes", bytes),
            // how full it was under another limit says nothing about who has met this one
            Setting.of("memory.max_usage_in_bytes", 0));
      }
      case CPU -> cpu(total.cpuMaxMillis(), cpuCeiling);
      case PIDS ->
          List.of(
              Setting.of(
                  "pids.max", total.pidsMax().isPresent() ? total.pidsMax().getAsInt() : "max"));
      case CPUACCT, FREEZER, CPUSET, IO -> List.of();
    };
  }

  /** What is 100 of weight is 1024 shares; the kernel takes no fewer than 2. */
  private static long shares(int weight) {
    return Math.max(2, weight * 1024L / Tuning.USUAL_WEIGHT);
  }

  private static List<Setting> cpuset(Tuning tuning) {
    List<Setting> settings = new ArrayList<>();
    tuning.cpus().ifPresent(cpus -> settings.add(Setting.of("cpuset.cpus", cpus)));
    tuning.mems().ifPresent(mems -> settings.add(Setting.of("cpuset.mems", mems)));
    return settings;
  }

  private List<Setting> io(SandboxLimits limits) {
    List<Setting> settings = new ArrayList<>(throttles(limits.tuning().io()));
    if (LimitLayer.IO_WEIGHT.usedBy(limits)) { // of bfq: from 1 to 1000, and 100 is usual
      settings.add(
          Setting.whereOffered("blkio.bfq.weight", Math.min(1000, limits.tuning().ioWeight())));
    }
    return settings;
  }

  @Override
  public List<Setting> unthrottled() {
    OptionalLong none = OptionalLong.of(0);
    return throttles(new Io(none, none, none, none));
  }

  private List<Setting> throttles(Io io) {
    List<Setting> settings = new ArrayList<>();
    for (String disk : disks) {
      throttle("read_bps", disk, io.readBytes(), settings);
      throttle("write_bps", disk, io.writeBytes(), settings);
      throttle("read_iops", disk, io.reads(), settings);
      throttle("write_iops", disk, io.writes(), settings);
    }
    return settings;
  }

  private static void throttle(
      String what, String disk, OptionalLong limit, List<Setting> settings) {
    if (limit.isPresent()) {
      settings.add(
          Setting.of("blkio.throttle." + what + "_device", disk + " " + limit.getAsLong()));
    }
  }

  private static OptionalLong least(OptionalLong ceiling, TenantLimits total) {
    return LongStream.concat(ceiling.stream(), total.cpuMaxMillis().stream()).min();
  }

  private static List<Setting> cpu(OptionalLong millicores, OptionalLong ceiling) {
    if (millicores.isEmpty()
        || (ceiling.isPresent() && ceiling.getAsLong() <= millicores.getAsLong())) {
      return List.of(Setting.of("cpu.cfs_quota_us", UNLIMITED));
    }
    CpuBandwidth bandwidth = CpuBandwidth.ofMillicores(millicores.getAsLong());
    return List.of(
        Setting.of("cpu.cfs_period_us", bandwidth.periodMicros()),
        Setting.of("cpu.cfs_quota_us", bandwidth.quotaMicros()));
  }

  @Override
  public String limitFile(Controller controller) {
    return switch (controller) {
      case CPU -> "cpu.cfs_quota_us";
      case MEMORY -> "memory.limit_in_bytes";
      case PIDS -> "pids.max";
      case CPUACCT, FREEZER, CPUSET, IO -> throw new IllegalArgumentException("" + controller);
    };
  }

  @Override
  public OptionalLong limit(Controller controller, ControlGroup group) {
    try {
      String text = group.read(limitFile(controller));
      if (text.equals("max")) {
        return OptionalLong.empty();
      }
      long limit = Long.parseLong(text);
      if (limit < 0 || limit >= NO_LIMIT) {
        return OptionalLong.empty();
      }
      return OptionalLong.of(
          controller == Controller.CPU
              ? new CpuBandwidth(limit, Long.parseLong(group.read("cpu.cfs_period_us")))
                  .millicores()
              : limit);
    } catch (IOException e) {
      return OptionalLong.empty(); // the root has none
    }
  }

  /** A cell that has more than the tenant is to have gets no quota of its own: it has that. */
  @Override
  public void makeWay(Controller controller, TenantLimits total, ControlGroup tenant)
      throws IOException {
    if (controller != Controller.CPU || total.cpuMaxMillis().isEmpty()) {
      return;
    }
    for (ControlGroup cell : tenant.children()) {
      if (limit(controller, cell).orElse(0) > total.cpuMaxMillis().getAsLong()) {
        cell.write("cpu.cfs_quota_us", Long.toString(UNLIMITED));
      }
    }
  }

  /** Children count towards their parents; only kernels before 5.11 have to be told. */
  @Override
  public void delegate(ControlGroup group, Set<Controller> controllers) throws IOException {
    prepare(group, controllers);
    if (controllers.contains(Controller.MEMORY)
        && group.has("memory.use_hierarchy")
        && !group.read("memory.use_hierarchy").equals("1")) {
      group.write("memory.use_hierarchy", "1");
    }
  }

  @Override
  public MemoryMeter memory(ControlGroup group) {
    return new Memory(
        group.counter("memory.usage_in_bytes"),
        new Fill(group, group.counter("memory.max_usage_in_bytes")),
        group.counter("memory.oom_control"));
  }

  @Override
  public CpuMeter cpu(ControlGroup group) {
    return new CpuAccount(
        group.counter("cpuacct.usage"),
        group.counter("cpuacct.usage_user"),
        group.counter("cpuacct.usage_sys"));
  }

  /** Nobody can join a group of the cpuset controller that has no processors of its own yet. */
  @Override
  public void prepare(ControlGroup group, Set<Controller> controllers) throws IOException {
    if (controllers.contains(Controller.CPUSET)) {
      for (String file : List.of("cpuset.cpus", "cpuset.mems")) {
        if (group.read(file).isEmpty()) {
          group.write(file, group.parent().read(file));
        }
      }
    }
  }

  /** {@code 8:0 Read 4096}: a line for each disk and direction. */
  @Override
  public FlowFiles.IoCount io(ControlGroup group) {
    return () -> {
      long read = 0;
      long written = 0;
      for (String line : group.read("blkio.throttle.io_service_bytes").split("\n", -1)) {
        String[] words = line.split(" ", -1);
        if (words.length == 3 && words[1].equals("Read")) {
          read += Long.parseLong(words[2]);
        } else if (words.length == 3 && words[1].equals("Write")) {
          written += Long.parseLong(words[2]);
        }
      }
      return new CounterFile.Pair(read, written);
    };
  }

  @Override
  public FlowMeter flow(ControlGroup group) {
    return new ThrottleMeter(group.counter("cpu.stat"), "throttled_time", 1);
  }

  @Override
  public MemoryTotal memoryTotal(ControlGroup cell, ControlGroup tenant) {
    return new Total(
        cell.counter("memory.oom_control"),
        new Fill(cell, cell.counter("memory.max_usage_in_bytes")),
        new Fill(tenant, tenant.counter("memory.max_usage_in_bytes")));
  }

  @Override
  public List<String> eventFiles(ControlGroup group) {
    return List.of();
  }

  /** Only the whole host's. */
  @Override
  public Optional<Usage.Pressure> pressure(ControlGroup group) {
    return Optional.empty();
  }

  /** The kernel kills one process only; the others have to follow it. */
  @Override
  public boolean needsLooking(ControlGroup group) {
    return true;
  }

  @Override
  public void kill(Collection<ControlGroup> groups, ProcessSignals signals) throws IOException {
    new SignalRounds(signals)
        .send(
            Signal.SIGKILL,
            () -> {
              List<Long> everybody = new ArrayList<>();
              for (ControlGroup group : groups) { // a launch may have been cut short between two
                everybody.addAll(group.processes());
              }
              return everybody;
            });
    thaw(groups); // the frozen take their signal only now
  }

  @Override
  public boolean freeze(Collection<ControlGroup> groups) throws IOException {
    boolean found = false;
    for (ControlGroup group : groups) {
      if (group.has(FREEZER)) {
        group.write(FREEZER, "FROZEN");
        found = true;
      }
    }
    return found;
  }

  /** It says FREEZING until the last is. */
  @Override
  public boolean frozen(Collection<ControlGroup> groups) throws IOException {
    for (ControlGroup group : groups) {
      if (group.has(FREEZER) && !group.read(FREEZER).equals("FROZEN")) {
        return false;
      }
    }
    return true;
  }

  /** Who has called vfork(2) waits for a child that is frozen, and can't be woken to be frozen. */
  @Override
  public boolean freezesByHalves() {
    return true;
  }

  @Override
  public void thaw(Collection<ControlGroup> groups) throws IOException {
    for (ControlGroup group : groups) {
      if (group.has(FREEZER)) {
        group.write(FREEZER, "THAWED");
      }
    }
  }

  /** A limit below what can't be reclaimed is refused by the kernel (EBUSY). */
  @Override
  public void reclaim(ControlGroup group, long memoryMax) {}

  /** How full a group has been. */
  private record Fill(ControlGroup group, CounterFile most, AtomicLong before) {
    Fill(ControlGroup group, CounterFile most) {
      this(group, most, new AtomicLong());
    }

    OptionalLong peak() throws IOException {
      return OptionalLong.of(Math.max(before.get(), most.value()));
    }

    /** Begins anew, for another limit. */
    void forget() throws IOException {
      before.accumulateAndGet(most.value(), Math::max);
      group.write("memory.max_usage_in_bytes", "0");
    }

    /** Not by memory.failcnt, which some kernels (6.18) leave at zero. */
    boolean metItsLimit() throws IOException {
      long limit = Long.parseLong(group.read("memory.limit_in_bytes"));
      return most.value() > limit - LARGEST_CHARGE;
    }
  }

  /** Who died without the cell's having met its limit, but with the tenant's having met its. */
  private record Total(CounterFile oom, Fill cell, Fill tenant) implements MemoryTotal {
    @Override
    public long kills() throws IOException {
      long kills = oom.field("oom_kill");
      return kills > 0 && !cell.metItsLimit() && tenant.metItsLimit() ? kills : 0;
    }

    @Override
    public OptionalLong peak() throws IOException {
      return tenant.peak();
    }

    @Override
    public Evidence evidence() {
      return Evidence.KERNEL;
    }

    @Override
    public void close() {
      oom.close();
      cell.most().close();
      tenant.most().close();
    }
  }

  private record Memory(CounterFile usage, Fill fill, CounterFile oom) implements MemoryMeter {

    @Override
    public OptionalLong current() throws IOException {
      return OptionalLong.of(usage.value());
    }

    @Override
    public OptionalLong peak() throws IOException {
      return fill.peak();
    }

    /** A process may die for the want of a group further out: then this group never met a limit. */
    @Override
    public long kills() throws IOException {
      long kills = oom.field("oom_kill");
      return kills > 0 && fill.metItsLimit() ? kills : 0;
    }

    @Override
    public void limitHasChanged() throws IOException {
      fill.forget();
    }

    @Override
    public Evidence evidence() {
      return Evidence.KERNEL;
    }

    @Override
    public void close() {
      usage.close();
      fill.most().close();
      oom.close();
    }
  }
}
