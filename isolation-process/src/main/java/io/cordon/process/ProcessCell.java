package io.cordon.process;

import io.cordon.policy.SandboxLimits;
import io.cordon.process.identity.TenantIdentity;
import io.cordon.process.kernel.Descriptor;
import io.cordon.process.kernel.Errno;
import io.cordon.process.kernel.Kernel;
import io.cordon.process.kernel.OpenFlag;
import io.cordon.process.kernel.SystemCallException;
import io.cordon.process.plan.Report;
import io.cordon.process.quota.CellQuota;
import io.cordon.process.quota.QuotaCounters;
import io.cordon.sandbox.Evidence;
import io.cordon.sandbox.Layer;
import io.cordon.sandbox.Usage;
import io.cordon.sandbox.spi.Cell;
import io.cordon.sandbox.spi.CellCounters;
import io.cordon.sandbox.spi.CellExit;
import io.cordon.sandbox.spi.FileTooLargeException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.NoSuchFileException;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A cell whose program is executing, or has ended. */
final class ProcessCell implements Cell {
  private static final int READ_CHUNK = 64 * 1024;

  private final Kernel kernel;
  private final Supervisor supervisor;
  private final Streams streams;
  private final Descriptor workingDirectory;
  private final CellQuota quota;
  private final TenantIdentity identity;
  private final String tier;
  private final List<Layer> layers;
  private final Consumer<ProcessCell> farewell;
  private final CompletableFuture<CellExit> exit;

  // Held for reading by those who need the cell open, for writing by who closes it.
  private final ReadWriteLock open = new ReentrantReadWriteLock();
  private boolean closed;
  private @Nullable CellCounters last; // what it used, once it is closed

  /**
   * Creates a cell of what a launch has made.
   *
   * @param farewell is told when nothing is left of it
   */
  ProcessCell(
      Kernel kernel,
      Launch.Parts parts,
      String tier,
      List<Layer> layers,
      Consumer<ProcessCell> farewell) {
    this.kernel = kernel;
    this.supervisor = parts.supervisor();
    this.streams = parts.streams();
    this.workingDirectory = parts.workingDirectory();
    this.quota = parts.quota();
    this.identity = parts.identity();
    this.tier = tier;
    this.layers = List.copyOf(layers);
    this.farewell = farewell;
    this.exit = supervisor.ended().thenApply(Supervisor.Ended::exit);
  }

  @Override
  public OutputStream stdin() {
    return streams.stdin();
  }

  @Override
  public InputStream stdout() {
    return streams.stdout();
  }

  @Override
  public InputStream stderr() {
    return streams.stderr();
  }

  @Override
  public String tier() {
    return tier;
  }

  @Override
  public List<Layer> layers() {
    return layers;
  }

  @Override
  public CompletableFuture<CellExit> exit() {
    return exit.copy();
  }

  @Override
  public CellCounters counters() {
    return counters(quota::counters);
  }

  @Override
  public Optional<CellCounters> inquire() {
    return Optional.of(counters(quota::inquire));
  }

  @Override
  public CellCounters.Denials denials() {
    open.readLock().lock();
    try {
      return last != null ? last.denials() : quota.denials();
    } finally {
      open.readLock().unlock();
    }
  }

  private CellCounters counters(Supplier<QuotaCounters> counting) {
    open.readLock().lock();
    try {
      return last != null ? last : count(counting.get());
    } finally {
      open.readLock().unlock();
    }
  }

  private CellCounters count(QuotaCounters used) {
    Kernel.Space space = kernel.space(workingDirectory);
    Optional<Report.Ended> reported =
        supervisor.ended().isDone() ? supervisor.ended().join().report() : Optional.empty();
    // Where the quota only looks now and then, what init heard from the kernel says more.
    OptionalLong peak = used.memoryPeak();
    if (reported.isPresent()) {
      peak = OptionalLong.of(Math.max(peak.orElse(0), reported.get().maxResidentBytes()));
    }
    return new CellCounters(
        Math.max(used.cpuUserNanos(), reported.map(Report.Ended::userNanos).orElse(0L)),
        Math.max(used.cpuSystemNanos(), reported.map(Report.Ended::systemNanos).orElse(0L)),
        used.memoryCurrent(),
        peak,
        used.memoryKills(),
        used.memoryEvidence(),
        used.pidsCurrent(),
        used.pidsDenied(),
        used.pidsEvidence(),
        space.bytes(),
        Math.max(0, space.inodes() - NewRoot.OWN_INODES),
        Evidence.HOST,
        used.flow(),
        used.tenant());
  }

  @Override
  public Optional<Usage.Pressure> pressure() {
    return quota.pressure();
  }

  @Override
  public void onEvent(Runnable told) {
    quota.onEvent(told);
  }

  @Override
  public void kill() {
    // Init first: when it can run no more, it can't tell of a workload that the quota has killed.
    supervisor.kill();
    if (exit.isDone()) { // the kernel has killed everybody with init
      return;
    }
    open.readLock().lock();
    try {
      if (!closed) {
        quota.kill();
      }
    } finally {
      open.readLock().unlock();
    }
  }

  @Override
  public void pause() {
    whileAlive(CellQuota::pause);
  }

  @Override
  public void resume() {
    whileAlive(CellQuota::resume);
  }

  @Override
  public void resize(SandboxLimits limits) {
    whileAlive(held -> held.resize(limits));
  }

  private void whileAlive(Consumer<CellQuota> change) {
    if (exit.isDone()) {
      return;
    }
    open.readLock().lock();
    try {
      if (!closed) {
        change.accept(quota);
      }
    } finally {
      open.readLock().unlock();
    }
  }

  @Override
  public byte[] readFile(String name, long maxBytes) throws IOException {
    if (name.isEmpty() || name.indexOf('/') >= 0 || name.indexOf('\0') >= 0) {
      throw new IOException("'" + name + "' is no plain file name");
    }
    open.readLock().lock();
    try {
      if (closed) {
        throw new IOException("the cell is closed");
      }
      // Without O_NONBLOCK a fifo would block for ever.
      try (Descriptor file =
          kernel.openBeneath(
              workingDirectory, name, OpenFlag.O_NONBLOCK.value() | OpenFlag.O_NOFOLLOW.value())) {
        return read(name, file, maxBytes);
      }
    } catch (SystemCallException e) {
      if (Errno.ENOENT.is(e.errno())) {
        throw new NoSuchFileException(name);
      }
      if (Errno.ELOOP.is(e.errno())) {
        throw new IOException("'" + name + "' is a symbolic link, not a regular file");
      }
      throw new IOException("'" + name + "' can't be read: " + Errno.nameOf(e.errno()), e);
    } finally {
      open.readLock().unlock();
    }
  }

  private byte[] read(String name, Descriptor file, long maxBytes) throws IOException {
    Kernel.FileStatus status = kernel.status(file);
    if (!status.regular()) {
      throw new IOException("'" + name + "' is not a regular file");
    }
    if (status.links() != 1) {
      throw new IOException("'" + name + "' has " + status.links() + " names: a hard link");
    }
    if (status.size() > maxBytes) {
      throw new FileTooLargeException(name, status.size(), maxBytes);
    }
    ByteArrayOutputStream content =
        new ByteArrayOutputStream((int) Math.min(status.size(), 1 << 20));
    byte[] chunk = new byte[READ_CHUNK];
    for (int n = kernel.read(file, chunk, 0, READ_CHUNK);
        n > 0;
        n = kernel.read(file, chunk, 0, READ_CHUNK)) {
      content.write(chunk, 0, n);
      if (content.size() > maxBytes) { // it grew meanwhile
        throw new IOException("'" + name + "' has over " + maxBytes + " bytes");
      }
    }
    return content.toByteArray();
  }

  @Override
  public void close() {
    kill();
    exit.join();
    open.writeLock().lock();
    try {
      if (!closed) {
        closed = true;
        try (identity;
            workingDirectory;
            streams) { // the last one first
          try {
            quota.close();
          } finally {
            last = count(quota.counters()); // by what the quota has kept
          }
        }
      }
    } finally {
      open.writeLock().unlock();
      farewell.accept(this);
    }
  }
}
