package io.cordon.engine.plain;

import io.cordon.policy.SandboxLimits;
import io.cordon.sandbox.Evidence;
import io.cordon.sandbox.Layer;
import io.cordon.sandbox.spi.Cell;
import io.cordon.sandbox.spi.CellCounters;
import io.cordon.sandbox.spi.CellExit;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * A child process with its children. It counts what /proc tells, and looks after memory itself, as
 * a host without control groups would.
 */
public final class PlainCell implements Cell {
  private static final int SIGNALED = 128;
  private static final long PAGE = 4096;

  private final Process process;
  private final Path work;
  private final SandboxLimits limits;
  private final Consumer<PlainCell> closed;
  private final CompletableFuture<CellExit> exit;
  private final OutputStream stdin;
  private volatile boolean killed;
  private long cpu;
  private long memoryPeak;
  private long memoryKills;
  private long pidsDenied;

  PlainCell(Process process, Path work, SandboxLimits limits, Consumer<PlainCell> closed) {
    this.process = process;
    this.work = work;
    this.limits = limits;
    this.closed = closed;
    this.stdin = new Unbuffered(process.getOutputStream());
    this.exit = process.onExit().thenApply(dead -> exit(dead.exitValue()));
  }

  /** Java tells a signal as a shell does; it can't be told from such an exit status. */
  private CellExit exit(int value) {
    if (killed) {
      return new CellExit.Killed();
    }
    return value > SIGNALED ? new CellExit.Signaled(value - SIGNALED) : new CellExit.Exited(value);
  }

  /** The process id on this host. */
  public long pid() {
    return process.pid();
  }

  /** Pretends that the kernel denied a process, as it would at {@code pids.max}. */
  public synchronized void denyProcess() {
    pidsDenied++;
  }

  @Override
  public OutputStream stdin() {
    return stdin;
  }

  /** Java puts a buffer before a child's standard input. */
  private static final class Unbuffered extends OutputStream {
    private final OutputStream buffered;

    Unbuffered(OutputStream buffered) {
      this.buffered = buffered;
    }

    @Override
    public void write(int b) throws IOException {
      buffered.write(b);
      buffered.flush();
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      buffered.write(bytes, offset, length);
      buffered.flush();
    }

    @Override
    public void close() throws IOException {
      buffered.close();
    }
  }

  @Override
  public InputStream stdout() {
    return process.getInputStream();
  }

  @Override
  public InputStream stderr() {
    return process.getErrorStream();
  }

  @Override
  public String tier() {
    return "none";
  }

  @Override
  public List<Layer> layers() {
    return List.of();
  }

  @Override
  public CompletableFuture<CellExit> exit() {
    return exit;
  }

  @Override
  public synchronized CellCounters counters() {
    process.info().totalCpuDuration().map(Duration::toNanos).ifPresent(now -> cpu = now);
    long resident = residentBytes();
    memoryPeak = Math.max(memoryPeak, resident);
    if (resident > limits.memoryMax() && memoryKills == 0) {
      memoryKills++;
      kill();
    }
    return new CellCounters(
        cpu,
        0,
        OptionalLong.of(resident),
        OptionalLong.of(memoryPeak),
        memoryKills,
        Evidence.HOST,
        process.isAlive() ? 1 : 0,
        pidsDenied,
        Evidence.KERNEL,
        diskBytes(),
        0);
  }

  private long residentBytes() {
    try {
      String statm = Files.readString(Path.of("/proc/" + process.pid() + "/statm"));
      return Long.parseLong(statm.split(" ", -1)[1]) * PAGE;
    } catch (IOException e) {
      return 0; // dead
    }
  }

  private long diskBytes() {
    try (Stream<Path> files = Files.list(work)) {
      return files.mapToLong(file -> file.toFile().length()).sum();
    } catch (IOException e) {
      return 0; // closed
    }
  }

  @Override
  public void kill() {
    killed = process.isAlive() || killed;
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly();
  }

  @Override
  public byte[] readFile(String name, long maxBytes) throws IOException {
    Path file = work.resolve(name);
    if (!Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
      throw new NoSuchFileException(name);
    }
    if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
      throw new IOException("it is not a regular file");
    }
    if (Files.size(file) > maxBytes) {
      throw new IOException("it is larger than " + maxBytes + " bytes");
    }
    return Files.readAllBytes(file);
  }

  @Override
  public void close() {
    kill();
    exit.join();
    closed.accept(this);
    try {
      stdin().close();
      stdout().close();
      stderr().close();
      delete(work);
    } catch (IOException e) {
      if (Files.exists(work)) {
        throw new UncheckedIOException(e);
      }
    }
  }

  /** Deletes a directory with all that is in it, if it is there. */
  static void delete(Path directory) throws IOException {
    try (Stream<Path> files = Files.exists(directory) ? Files.walk(directory) : Stream.empty()) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    }
  }
}
