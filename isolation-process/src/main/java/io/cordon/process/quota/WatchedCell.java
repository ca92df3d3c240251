package io.cordon.process.quota;

import io.cordon.process.kernel.Signal;
import io.cordon.sandbox.Evidence;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * One cell under watch: what was seen of it, and what is done about that.
 *
 * <p>Memory is what its processes have resident. Pages that they share are counted for each of
 * them, so before anybody dies of it the shared are divided, and it must be seen twice in a row: a
 * child of vfork has all of its parent's memory until it executes.
 *
 * <p>Processor time is the greater of two sums that never exceed the truth: what each process was
 * last seen to have used, which misses those that live shorter than a look; and what the living
 * have used together with the descendants they waited for, which misses those that nobody waits
 * for.
 */
final class WatchedCell {
  /** /proc counts time in USER_HZ, which is 100 on every architecture that has a JVM. */
  private static final long NANOS_PER_TICK = 10_000_000;

  private final ProcessTable table;
  private final ProcessWatch watch;
  private final WatchedTenant tenant;
  private final SignalRounds signals;
  private final long pageSize;
  private volatile long memoryMax;
  private volatile long pidsMax;

  // All below is guarded by this.
  private @Nullable ProcessStat init;
  private long buriedUser;
  private long buriedSystem;
  private long userTicks;
  private long systemTicks;
  private OptionalLong memory = OptionalLong.empty();
  private long memoryPeak;
  private boolean overMemory;
  private long memoryKills;
  private long tenantKills;
  private long living;
  private long pids;
  private long pidsDenied;

  /**
   * A cell of which nobody is known yet.
   *
   * @param memoryMax bytes at which it is killed; {@code Long.MAX_VALUE} where the kernel sees to
   *     it
   * @param pidsMax processes and threads besides its init that count as the limit being reached
   */
  WatchedCell(
      ProcessTable table,
      ProcessWatch watch,
      WatchedTenant tenant,
      SignalRounds signals,
      long memoryMax,
      long pidsMax) {
    this.table = table;
    this.watch = watch;
    this.tenant = tenant;
    this.signals = signals;
    this.pageSize = watch.pageSize();
    this.memoryMax = memoryMax;
    this.pidsMax = pidsMax;
  }

  void started(long initPid) {
    table
        .stat(initPid)
        .ifPresent(
            stat -> {
              synchronized (this) {
                init = stat;
              }
              watch.begin(this, stat);
            });
  }

  /** Takes in who was there in one pass. */
  void seen(List<ProcessStat> crowd) {
    long bytes = resident(crowd);
    if (account(crowd, bytes <= memoryMax ? bytes : divided(crowd))) {
      die();
    }
  }

  /** It is the one that has to die for the memory of its tenant. */
  void dieForTenant() {
    synchronized (this) {
      if (tenantKills > 0 || memoryKills > 0) {
        return; // it is dying
      }
      tenantKills = living;
    }
    die();
  }

  private void die() {
    try {
      kill();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Looks how many it has now. Of memory only a regular pass says anything: it must be seen twice.
   */
  void count() {
    List<ProcessStat> crowd = watch.crowdOf(this);
    synchronized (this) {
      count(crowd);
    }
  }

  private void count(List<ProcessStat> crowd) {
    long threads = 0;
    for (ProcessStat stat : crowd) {
      threads += Math.max(1, stat.threads()); // one that is dead keeps its pid until waited for
    }
    pids = threads;
    if (threads > pidsMax) { // init, and as many besides: what RLIMIT_NPROC lets it have
      pidsDenied++;
    }
  }

  WatchedTenant tenant() {
    return tenant;
  }

  long resident(List<ProcessStat> crowd) {
    long pages = 0;
    for (ProcessStat stat : crowd) {
      pages += stat.residentPages();
    }
    return pages * pageSize;
  }

  /** The same, with what they share divided; slow. */
  long divided(List<ProcessStat> crowd) {
    long divided = 0;
    for (ProcessStat stat : crowd) {
      divided += table.proportionalMemory(stat.pid()).orElse(stat.residentPages() * pageSize);
    }
    return divided;
  }

  /** Whether the cell has to die for its memory. */
  private synchronized boolean account(List<ProcessStat> crowd, long bytes) {
    living = 0;
    long lastSeenUser = buriedUser;
    long lastSeenSystem = buriedSystem;
    long treeUser = 0;
    long treeSystem = 0;
    boolean parentsFirst = true;
    for (ProcessStat stat : crowd) {
      living += stat.dead() ? 0 : 1;
      lastSeenUser += stat.userTicks();
      lastSeenSystem += stat.systemTicks();
      treeUser += stat.userTicks() + stat.reapedUserTicks();
      treeSystem += stat.systemTicks() + stat.reapedSystemTicks();
      parentsFirst &= stat.parent() < stat.pid();
    }
    count(crowd);
    spent(lastSeenUser, lastSeenSystem);
    // The pass goes up by pid. Had it met a child before its parent, the child might have been
    // waited for in between, and would count twice.
    if (parentsFirst) {
      spent(treeUser, treeSystem);
    }
    memory = OptionalLong.of(bytes);
    memoryPeak = Math.max(memoryPeak, bytes);
    boolean twice = overMemory && bytes > memoryMax;
    overMemory = bytes > memoryMax;
    if (!twice || memoryKills > 0 || tenantKills > 0) {
      return false;
    }
    memoryKills = living; // before the signals: who sees the cell dead must see why
    return true;
  }

  private void spent(long user, long system) {
    userTicks = Math.max(userTicks, user);
    systemTicks = Math.max(systemTicks, system);
  }

  /** Takes in the last that was seen of a process. */
  synchronized void died(ProcessStat stat) {
    buriedUser += stat.userTicks();
    buriedSystem += stat.systemTicks();
  }

  void kill() throws IOException {
    signals.send(Signal.SIGKILL, () -> watch.membersOf(this));
  }

  /** Other limits to be held to; those that the kernel holds are {@code Long.MAX_VALUE}. */
  void resize(long memoryMaxNow, long pidsMaxNow) {
    memoryMax = memoryMaxNow;
    pidsMax = pidsMaxNow;
  }

  /** Stops everybody; who is told to go on by somebody who isn't stopped yet is told again. */
  void stop() throws IOException {
    signals.send(Signal.SIGSTOP, () -> watch.membersOf(this));
  }

  /** Whether nobody of it runs. */
  boolean stopped() {
    return watch.membersOf(this).stream()
        .allMatch(pid -> table.stat(pid).map(ProcessStat::stopped).orElse(true));
  }

  void goOn() throws IOException {
    signals.send(Signal.SIGCONT, () -> watch.membersOf(this));
  }

  void end() {
    watch.end(this);
  }

  MemoryMeter memory() {
    return new MemoryMeter() {
      @Override
      public OptionalLong current() {
        synchronized (WatchedCell.this) {
          return memory;
        }
      }

      @Override
      public OptionalLong peak() {
        synchronized (WatchedCell.this) {
          return memory.isPresent() ? OptionalLong.of(memoryPeak) : memory;
        }
      }

      @Override
      public long kills() {
        synchronized (WatchedCell.this) {
          return memoryKills;
        }
      }

      @Override
      public Evidence evidence() {
        return Evidence.HOST;
      }

      @Override
      public void close() {}
    };
  }

  MemoryTotal memoryTotal() {
    return new MemoryTotal() {
      @Override
      public long kills() {
        synchronized (WatchedCell.this) {
          return tenantKills;
        }
      }

      @Override
      public OptionalLong peak() {
        return OptionalLong.of(tenant.memoryPeak());
      }

      @Override
      public Evidence evidence() {
        return Evidence.HOST;
      }

      @Override
      public void close() {}
    };
  }

  /** Nobody denies a process to a tenant whose processes are only watched. */
  PidsTotal pidsTotal() {
    return new PidsTotal() {
      @Override
      public long deniedForTenant() {
        return 0;
      }

      @Override
      public Evidence evidence() {
        return Evidence.HOST;
      }

      @Override
      public void close() {}
    };
  }

  CpuMeter cpu() {
    return new CpuMeter() {
      @Override
      public CpuTime time() {
        return cpuTime();
      }

      @Override
      public void close() {}
    };
  }

  /**
   * An init that is dead but not waited for still shows the whole cell's time, exactly: it has
   * waited for all of it.
   */
  private synchronized CpuMeter.CpuTime cpuTime() {
    if (init != null) {
      long start = init.startTicks();
      table
          .stat(init.pid())
          .filter(now -> now.startTicks() == start)
          .ifPresent(
              now ->
                  spent(
                      now.userTicks() + now.reapedUserTicks(),
                      now.systemTicks() + now.reapedSystemTicks()));
    }
    return new CpuMeter.CpuTime(userTicks * NANOS_PER_TICK, systemTicks * NANOS_PER_TICK);
  }

  PidsMeter pids() {
    return new PidsMeter() {
      @Override
      public long current() {
        synchronized (WatchedCell.this) {
          return pids;
        }
      }

      @Override
      public long denied() {
        synchronized (WatchedCell.this) {
          return pidsDenied;
        }
      }

      @Override
      public Evidence evidence() {
        return Evidence.HOST;
      }

      @Override
      public void close() {}
    };
  }
}
