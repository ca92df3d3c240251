package io.cordon.process.quota;

import io.cordon.sandbox.ErrorCode;
import io.cordon.sandbox.SandboxException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A cell's quota, by whatever holds it and counts it. */
final class MeteredCell implements CellQuota {
  private final CellGroups groups;
  private final Meters meters;
  private final Optional<WatchedCell> watched;
  private final Sampler sampler;
  private final ProcessSignals signals;
  private final Consumer<MeteredCell> onClose;
  private final List<Path> joinFiles;
  private final Runnable look = this::look;

  /** The figures that it ended with. Guarded by this. */
  private @Nullable QuotaCounters last;

  MeteredCell(
      CellGroups groups,
      Meters meters,
      Optional<WatchedCell> watched,
      Sampler sampler,
      ProcessSignals signals,
      Consumer<MeteredCell> onClose) {
    this.groups = groups;
    this.meters = meters;
    this.watched = watched;
    this.sampler = sampler;
    this.signals = signals;
    this.onClose = onClose;
    this.joinFiles = groups.joinFiles();
  }

  @Override
  public List<Path> joinFiles() {
    return joinFiles;
  }

  @Override
  public void started(long initPid) {
    watched.ifPresent(cell -> cell.started(initPid));
    if (groups.needLooking()) {
      sampler.add(look);
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
  public synchronized QuotaCounters counters() {
    if (last != null) {
      return last;
    }
    try {
      return meters.read();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void kill() {
    try {
      groups.kill(signals);
      if (watched.isPresent()) {
        watched.get().kill();
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
    synchronized (this) {
      if (last == null) {
        last = counters();
        meters.close();
      }
    }
    watched.ifPresent(WatchedCell::end);
    try {
      groups.remove();
    } catch (IOException e) {
      throw new SandboxException(
          ErrorCode.CLEANUP_FAILED, "a cell's control group stays behind: " + e.getMessage(), e);
    }
    onClose.accept(this);
  }
}
