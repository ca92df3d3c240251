package io.cordon.process.quota;

import io.cordon.policy.SandboxLimits;
import io.cordon.sandbox.Evidence;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;

/**
 * Control groups of version 1: a tree for each controller, or for a few.
 *
 * <p>See Documentation/admin-guide/cgroup-v1 of the kernel.
 *
 * @param cpuCeiling the tightest {@code cpu} limit of this application's own groups, in millicores,
 *     if there is one. A child must not be given more than its parents (EINVAL), and without a
 *     limit of its own it has theirs.
 */
record CgroupV1(OptionalLong cpuCeiling) implements CgroupVersion {

  /** A huge page: what is refused at the limit is no larger, so use was at least so close to it. */
  private static final long LARGEST_CHARGE = 2 << 20;

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
  public String lockFile() {
    return "notify_on_release";
  }

  @Override
  public List<Setting> settings(Controller controller, SandboxLimits limits) {
    return switch (controller) {
      case MEMORY ->
          List.of(
              Setting.of("memory.limit_in_bytes", limits.memoryMax()),
              // after the one above: never may memory alone exceed memory and swap together
              Setting.whereOffered("memory.memsw.limit_in_bytes", limits.memoryMax()),
              Setting.whereOffered("memory.swappiness", 0));
      case CPU -> {
        if (cpuCeiling.isPresent() && cpuCeiling.getAsLong() <= limits.cpuMaxMillis()) {
          yield List.of();
        }
        CpuBandwidth bandwidth = CpuBandwidth.ofMillicores(limits.cpuMaxMillis());
        yield List.of(
            Setting.of("cpu.cfs_period_us", bandwidth.periodMicros()),
            Setting.of("cpu.cfs_quota_us", bandwidth.quotaMicros()));
      }
      case PIDS -> List.of(Setting.of("pids.max", limits.pidsMax()));
      case CPUACCT, FREEZER -> List.of();
    };
  }

  /** Children count towards their parents; only kernels before 5.11 have to be told. */
  @Override
  public void delegate(ControlGroup group, Set<Controller> controllers) throws IOException {
    if (controllers.contains(Controller.MEMORY)
        && group.has("memory.use_hierarchy")
        && !group.read("memory.use_hierarchy").equals("1")) {
      group.write("memory.use_hierarchy", "1");
    }
  }

  @Override
  public MemoryMeter memory(ControlGroup group) {
    return new Memory(
        group,
        group.counter("memory.usage_in_bytes"),
        group.counter("memory.max_usage_in_bytes"),
        group.counter("memory.oom_control"));
  }

  @Override
  public CpuMeter cpu(ControlGroup group) {
    return new CpuAccount(
        group.counter("cpuacct.usage"),
        group.counter("cpuacct.usage_user"),
        group.counter("cpuacct.usage_sys"));
  }

  @Override
  public PidsMeter pids(ControlGroup group) {
    return new KernelPids(group.counter("pids.current"), group.counter("pids.events"));
  }

  /** The kernel kills one process only; the others have to follow it. */
  @Override
  public boolean needsLooking(ControlGroup group) {
    return true;
  }

  @Override
  public void kill(Collection<ControlGroup> groups, ProcessSignals signals) throws IOException {
    new KillRounds(signals)
        .kill(
            () -> {
              List<Long> everybody = new ArrayList<>();
              for (ControlGroup group : groups) { // a launch may have been cut short between two
                everybody.addAll(group.processes());
              }
              return everybody;
            });
    for (ControlGroup group : groups) {
      if (group.has("freezer.state")) {
        group.write("freezer.state", "THAWED"); // the frozen take their signal only now
      }
    }
  }

  private record Memory(ControlGroup group, CounterFile usage, CounterFile most, CounterFile oom)
      implements MemoryMeter {

    @Override
    public OptionalLong current() throws IOException {
      return OptionalLong.of(usage.value());
    }

    @Override
    public OptionalLong peak() throws IOException {
      return OptionalLong.of(most.value());
    }

    /** A process may die for the want of a group further out: then this group never met a limit. */
    @Override
    public long kills() throws IOException {
      long kills = oom.field("oom_kill");
      return kills > 0 && metItsLimit() ? kills : 0;
    }

    /** Not by memory.failcnt, which some kernels (6.18) leave at zero. */
    private boolean metItsLimit() throws IOException {
      long limit = Long.parseLong(group.read("memory.limit_in_bytes"));
      return most.value() > limit - LARGEST_CHARGE;
    }

    @Override
    public Evidence evidence() {
      return Evidence.KERNEL;
    }

    @Override
    public void close() {
      usage.close();
      most.close();
      oom.close();
    }
  }
}
