package io.cordon.process.quota;

import io.cordon.policy.Limit;
import io.cordon.policy.SandboxLimits;
import io.cordon.policy.SandboxLimits.Tuning;
import io.cordon.policy.TenantLimits;
import io.cordon.sandbox.ErrorCode;
import io.cordon.sandbox.SandboxException;
import io.cordon.sandbox.Usage;
import io.cordon.sandbox.spi.CellCounters;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A cell's quota, by whatever holds it and counts it. */
final class MeteredCell implements CellQuota {
  private static final Duration STEP = Duration.ofMillis(1);

  /** How long it may take until nobody runs. */
  private static final Duration STOPPING = Duration.ofSeconds(1);

  /** Whoever has not stopped after this is let go and stopped again; for half of the time. */
  private static final Duration TRY = Duration.ofMillis(50);

  private final String tenant;
  private final CellGroups groups;
  private final Meters meters;
  private final WatchedCell watched;
  private final boolean watching;
  private final Sampler sampler;
  private final ProcessSignals signals;
  private final EventSource events;
  private final Consumer<MeteredCell> onClose;
  private final List<Path> joinFiles;
  private final Runnable look = this::look;
  private volatile Runnable told = () -> {};
  private volatile EventSource.@Nullable Watch watch;

  /**
   * Held by who changes its limits, which takes as long as it takes to reclaim memory: nobody who
   * looks at it, or ends it, waits for that.
   */
  private final Object changing = new Object();

  /** What it is held to. Guarded by changing. */
  private SandboxLimits limits;

  /** What all cells of its tenant are held to. Guarded by changing. */
  private TenantLimits total;

  /** Held by who stops, continues or kills it. */
  private final Object life = new Object();

  private volatile boolean killed;
  private volatile boolean frozen;

  /** The figures that were read last. Guarded by this. */
  private QuotaCounters seen = QuotaCounters.NONE;

  /** The figures that it ended with. Guarded by this. */
  private @Nullable QuotaCounters last;

  MeteredCell(
      String tenant,
      CellGroups groups,
      Meters meters,
      WatchedCell watched,
      SandboxLimits limits,
      TenantLimits total,
      Sampler sampler,
      ProcessSignals signals,
      EventSource events,
      Consumer<MeteredCell> onClose) {
    this.tenant = tenant;
    this.groups = groups;
    this.meters = meters;
    this.watched = watched;
    this.watching =
        !(groups.holds(Controller.MEMORY)
            && groups.holds(Controller.CPUACCT)
            && groups.holds(Controller.PIDS));
    this.limits = limits;
    this.total = total;
    this.sampler = sampler;
    this.signals = signals;
    this.events = events;
    this.onClose = onClose;
    this.joinFiles = groups.joinFiles();
  }

  @Override
  public List<Path> joinFiles() {
    return joinFiles;
  }

  @Override
  public Optional<Path> birthGroup() {
    return groups.birthGroup();
  }

  @Override
  public void started(long initPid) {
    if (watching) {
      watched.started(initPid);
    }
    if (groups.needLooking()) {
      sampler.add(look);
    }
    List<Path> files = groups.eventFiles();
    if (!files.isEmpty()) {
      watch = events.watch(files, () -> told.run());
    }
  }

  @Override
  public void onEvent(Runnable what) {
    told = what;
  }

  @Override
  public Optional<Usage.Pressure> pressure() {
    try {
      return groups.pressure();
    } catch (IOException e) {
      if (!closed()) {
        throw new UncheckedIOException(e);
      }
      return Optional.empty();
    }
  }

  /** "The memory limit kills the whole group": the kernel has killed one, and this the others. */
  private void look() {
    if (memoryKills() > 0) {
      sampler.remove(look);
      kill();
    }
  }

  private synchronized long memoryKills() {
    try {
      return last == null ? meters.memoryKills() : 0;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public QuotaCounters counters() {
    try {
      return read();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private synchronized QuotaCounters read() throws IOException {
    if (last != null) {
      return last;
    }
    seen = meters.read();
    return seen;
  }

  /**
   * A host that has no descriptors left can't read them, and must remove the groups all the same.
   */
  private QuotaCounters readAtTheEnd() {
    try {
      return read();
    } catch (IOException e) {
      return seen;
    }
  }

  @Override
  public synchronized CellCounters.Denials denials() {
    if (last != null) {
      return last.denials();
    }
    try {
      return meters.denials();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public QuotaCounters inquire() {
    if (watching) {
      watched.count();
    }
    return counters();
  }

  @Override
  public void pause() {
    boolean interrupted = Thread.interrupted(); // or parking would not wait
    try {
      if (!beginToStop()) {
        return;
      }
      long begun = System.nanoTime();
      long next = TRY.toNanos();
      while (!stopped()) { // without the lock: nobody is to wait with a kill
        long elapsed = System.nanoTime() - begun;
        if (elapsed > STOPPING.toNanos()) {
          resume();
          throw new SandboxException(
              ErrorCode.NOT_LIVE, "the cell can't be paused: its processes don't stop");
        }
        LockSupport.parkNanos(STEP.toNanos());
        interrupted |= Thread.interrupted();
        // The last try is a long one, for those whom cpu.max keeps from getting to where they stop.
        if (elapsed > next && elapsed < STOPPING.toNanos() / 2) {
          next = elapsed + TRY.toNanos();
          letGo();
        }
        beginToStop();
      }
    } catch (IOException e) {
      if (!closed()) {
        throw new UncheckedIOException(e);
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private boolean beginToStop() throws IOException {
    synchronized (life) {
      if (killed) { // the dying must not be frozen before they have died
        return false;
      }
      frozen = groups.freeze();
      if (!frozen) {
        if (!watching) {
          throw new SandboxException(
              ErrorCode.NOT_LIVE, "the cell can't be paused: no freezer for control groups here");
        }
        watched.stop();
      }
      return true;
    }
  }

  private void letGo() throws IOException {
    synchronized (life) {
      if (frozen && !killed) {
        groups.thawTheHalfFrozen();
      }
    }
  }

  private boolean stopped() throws IOException {
    return killed || (frozen ? groups.frozen() : watched.stopped());
  }

  @Override
  public void resume() {
    try {
      synchronized (life) {
        if (killed) {
          return;
        }
        if (frozen) {
          groups.thaw();
        } else {
          watched.goOn();
        }
      }
    } catch (IOException e) {
      if (!closed()) {
        throw new UncheckedIOException(e);
      }
    }
  }

  @Override
  public void resize(SandboxLimits wanted) {
    synchronized (changing) {
      requireOpen();
      requireHeldWhereItChanges(wanted);
      try {
        // What has tripped until now was the limit that was.
        QuotaCounters now = read();
        if (!groups.holds(Controller.MEMORY)
            && now.memoryCurrent().orElse(0) > wanted.memoryMax()) {
          throw new IOException("it uses " + now.memoryCurrent().getAsLong() + " bytes");
        }
        groups.resize(wanted, total);
        limitHasChanged();
        if (killed) { // meanwhile, and what that took off is on again
          groups.letGoOfTheDisks();
        }
      } catch (IOException e) {
        requireOpen();
        throw refusal(wanted, e);
      }
      watched.resize(
          groups.holds(Controller.MEMORY) ? Long.MAX_VALUE : wanted.memoryMax(),
          groups.holds(Controller.PIDS) ? Long.MAX_VALUE : wanted.pidsMax());
      limits = wanted;
    }
  }

  private void requireOpen() {
    if (closed()) {
      throw new SandboxException(ErrorCode.CLOSED, "the cell is closed");
    }
  }

  private synchronized void limitHasChanged() throws IOException {
    if (last == null) {
      meters.memory().limitHasChanged();
    }
  }

  private void requireHeldWhereItChanges(SandboxLimits wanted) {
    requireHeld(Controller.CPU, "cpu.max", limits.cpuMaxMillis() != wanted.cpuMaxMillis());
    requireHeld(Controller.PIDS, "pids.max", limits.pidsMax() != wanted.pidsMax());
    Tuning tuning = limits.tuning();
    requireHeld(Controller.CPU, "cpu.weight", tuning.cpuWeight() != wanted.tuning().cpuWeight());
    requireHeld(
        Controller.MEMORY,
        "memory.high",
        !tuning.memoryHigh().equals(wanted.tuning().memoryHigh()));
    requireHeld(
        Controller.MEMORY,
        "memory.swap.max",
        tuning.memorySwapMax() != wanted.tuning().memorySwapMax());
  }

  boolean isOf(String name) {
    return tenant.equals(name);
  }

  /** Its own limits stay what they are, but they may have to be said in another way now. */
  void totalHasChanged(TenantLimits now) throws IOException {
    synchronized (changing) {
      total = now;
      try {
        groups.fitInto(limits, now);
      } catch (IOException e) {
        if (!closed()) { // or its groups have been removed meanwhile
          throw e;
        }
      }
    }
  }

  private void requireHeld(Controller controller, String key, boolean changes) {
    if (changes && !groups.holds(controller)) {
      throw new SandboxException(
          ErrorCode.NOT_LIVE,
          key + " can't be changed of a sandbox that runs: no control group holds it here");
    }
  }

  private SandboxException refusal(SandboxLimits wanted, IOException cause) {
    try {
      groups.resize(limits, total);
    } catch (IOException e) {
      cause.addSuppressed(e);
    }
    return new SandboxException(
        ErrorCode.LIMIT_IN_USE,
        "the limits can't be changed to memory.max %s, cpu.max %s, pids.max %d: %s"
            .formatted(
                Limit.MEMORY.format(wanted.memoryMax()),
                Limit.CPU.format(wanted.cpuMaxMillis()),
                wanted.pidsMax(),
                cause.getMessage()),
        cause);
  }

  @Override
  public void kill() {
    try {
      synchronized (life) {
        killed = true;
      }
      groups.kill(signals);
      if (watching) {
        watched.kill();
      }
    } catch (IOException e) {
      if (!closed()) { // or the groups have been removed meanwhile, and with them everybody
        throw new UncheckedIOException(e);
      }
    }
  }

  private synchronized boolean closed() {
    return last != null;
  }

  @Override
  public void close() {
    sampler.remove(look);
    EventSource.Watch watching = watch;
    if (watching != null) {
      watching.close();
    }
    synchronized (this) {
      if (last == null) {
        last = readAtTheEnd();
        meters.close();
      }
    }
    watched.end();
    try {
      groups.remove();
    } catch (IOException e) {
      throw new SandboxException(
          ErrorCode.CLEANUP_FAILED, "a cell's control group stays behind: " + e.getMessage(), e);
    }
    onClose.accept(this);
  }
}
