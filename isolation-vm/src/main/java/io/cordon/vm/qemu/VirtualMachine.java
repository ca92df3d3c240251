package io.cordon.vm.qemu;

import io.cordon.process.kernel.Descriptor;
import io.cordon.process.kernel.Errno;
import io.cordon.process.kernel.Kernel;
import io.cordon.process.kernel.StreamSocket;
import io.cordon.process.kernel.SystemCallException;
import io.cordon.sandbox.ErrorCode;
import io.cordon.sandbox.SandboxException;
import io.cordon.sandbox.spi.Cell;
import io.cordon.sandbox.spi.CellCounters;
import io.cordon.vm.disk.ScratchDisk;
import java.io.FileInputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.jspecify.annotations.Nullable;

/**
 * A machine that is running, is paused, or has run. Closing it kills it and leaves nothing. Safe
 * for several threads.
 */
public final class VirtualMachine implements AutoCloseable {
  private static final Duration ANSWERING = Duration.ofSeconds(10);

  /** The devices' state is some 100 KiB; a QEMU that was taken over may send for ever. */
  static final int MOST_STATE = 16 << 20;

  private final Kernel kernel;
  private final Hardware hardware;
  private final Cell cell;
  private final QmpClient qmp;
  private final Map<String, StreamSocket> ports;
  private final Tail console = new Tail();
  private final Tail messages = new Tail();
  private final CompletableFuture<VmmExit> exit;
  private volatile boolean killed;

  // Of a machine that was booted: what it needs to be saved, once.
  private @Nullable Descriptor memory;
  private @Nullable Migration leaving;
  private Optional<ScratchDisk> scratch = Optional.empty();

  VirtualMachine(
      Kernel kernel, Hardware hardware, Cell cell, QmpClient qmp, Map<String, StreamSocket> ports) {
    this.kernel = kernel;
    this.hardware = hardware;
    this.cell = cell;
    this.qmp = qmp;
    this.ports = Map.copyOf(ports);
    Cleanup.quietly(cell.stdin());
    CompletableFuture<Void> said =
        CompletableFuture.allOf(
            console.follow("cordon-vm-console", cell.stdout()),
            messages.follow("cordon-vm-messages", cell.stderr()));
    this.exit =
        cell.exit()
            .thenCombine(
                said, (how, nothing) -> new VmmExit(how, killed, console.text(), messages.text()));
  }

  synchronized void keepForSaving(
      Descriptor memory, Optional<ScratchDisk> scratch, Migration leaving) {
    this.memory = memory;
    this.scratch = scratch;
    this.leaving = leaving;
  }

  /** Until QEMU has built the machine. */
  void awaitVmm(Duration atMost) {
    try {
      qmp.execute("query-status", Map.of(), atMost);
    } catch (IOException e) {
      throw failed("QEMU did not start a machine", e);
    }
  }

  /** Until the machine has the saved state. */
  void awaitArrival(Migration coming, Duration atMost) {
    try {
      coming.await(atMost);
    } catch (IOException e) {
      throw failed("QEMU did not take up the saved machine", e);
    }
  }

  private SandboxException failed(String what, IOException e) {
    kill();
    exit.join();
    return new SandboxException(
        ErrorCode.LAUNCH_FAILED,
        "%s: %s; it said: %s".formatted(what, e.getMessage(), messages.text().strip()),
        e);
  }

  /** What it is built of. */
  public Hardware hardware() {
    return hardware;
  }

  /** The host's end of a port, which may be written to before the guest has opened it. */
  public StreamSocket port(String name) {
    StreamSocket port = ports.get(name);
    if (port == null) {
      throw new IllegalArgumentException("no port " + name);
    }
    return port;
  }

  /** QEMU's monitor. */
  public QmpClient monitor() {
    return qmp;
  }

  /** The end of what the guest's console said until now, for a diagnosis; not to be trusted. */
  public String console() {
    return console.text();
  }

  /**
   * Lets a paused machine go on.
   *
   * @throws IOException if QEMU doesn't, which has to be killed then
   */
  public void go() throws IOException {
    qmp.execute("cont", Map.of(), ANSWERING);
  }

  /**
   * Lets the guest do nothing more until it is to {@linkplain #go go on}.
   *
   * @throws IOException if QEMU doesn't, which has to be killed then
   */
  public void pause() throws IOException {
    qmp.execute("stop", Map.of(), ANSWERING);
  }

  /**
   * Ends this machine, which was booted, and keeps what others can go on from. What the guest has
   * in its memory and on its scratch disk, they all have: its random numbers and its clock too. It
   * should be quiet: what is on its way in a port is lost.
   *
   * @throws SandboxException {@link ErrorCode#LAUNCH_FAILED} if it can't be; the machine is dead
   *     then all the same
   */
  public SavedMachine save() {
    Descriptor itsMemory;
    Migration itsLeaving;
    Optional<ScratchDisk> itsScratch;
    synchronized (this) {
      if (memory == null || leaving == null) {
        throw new IllegalStateException("only a machine that was booted can be saved, and once");
      }
      itsMemory = memory;
      itsLeaving = leaving;
      memory = null;
      itsScratch = scratch;
      scratch = Optional.empty();
    }
    try (Cleanup cleanup = new Cleanup()) {
      cleanup.add(itsMemory);
      itsScratch.ifPresent(cleanup::add);
      byte[] state = leave(itsLeaving); // with all that was on its way to the disk written
      close(); // nobody has the memory mapped then, and so it can be sealed
      kernel.seal(itsMemory);
      Descriptor stateFile = kernel.sealedFile("machine-state", state);
      cleanup.release();
      return new SavedMachine(hardware, itsMemory, stateFile, state.length, itsScratch);
    } catch (IOException e) {
      throw failed("the machine can't be saved", e);
    } catch (SystemCallException e) {
      close();
      throw new SandboxException(
          ErrorCode.LAUNCH_FAILED,
          "the machine can't be saved: its memory can't be sealed: " + Errno.nameOf(e.errno()),
          e);
    }
  }

  private byte[] leave(Migration migration) throws IOException {
    Descriptor[] pipe = kernel.pipe();
    FutureTask<byte[]> reading;
    try (Descriptor writeEnd = pipe[1]) {
      FileInputStream in;
      try (Descriptor readEnd = pipe[0]) {
        in = new FileInputStream(kernel.path(readEnd).toFile());
      }
      reading = new FutureTask<>(() -> readState(in));
      Thread.ofPlatform().daemon().name("cordon-vm-state").start(reading);
      qmp.execute("getfd", Map.of("fdname", "state"), writeEnd, ANSWERING);
    }
    migration.to(qmp, "state");
    migration.await(ANSWERING);
    kill(); // which ends the pipe, too
    try {
      return reading.get();
    } catch (ExecutionException e) {
      throw e.getCause() instanceof IOException reason ? reason : new IOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }

  private static byte[] readState(FileInputStream in) throws IOException {
    try (in) {
      byte[] state = in.readNBytes(MOST_STATE + 1);
      if (state.length > MOST_STATE) {
        throw new IOException("the devices' state is larger than " + MOST_STATE + " bytes");
      }
      return state;
    }
  }

  /** What its QEMU has used until now, the guest's memory and time included. */
  public CellCounters counters() {
    return cell.counters();
  }

  /** The cell that its QEMU is in. */
  public Cell cell() {
    return cell;
  }

  /** Completes when QEMU is dead and everything that it said has been read. */
  public CompletableFuture<VmmExit> exit() {
    return exit.copy();
  }

  /** Kills the machine, whatever it is doing. Does nothing to one that is dead. */
  public void kill() {
    if (!cell.exit().isDone()) {
      killed = true;
      cell.kill();
    }
  }

  /** Kills the machine if it lives, and removes all that it had. Idempotent. */
  @Override
  public void close() {
    kill();
    cell.close();
    qmp.close();
    ports.values().forEach(StreamSocket::close);
    synchronized (this) {
      if (memory != null) {
        memory.close();
        memory = null;
      }
      scratch.ifPresent(ScratchDisk::close);
      scratch = Optional.empty();
    }
  }
}
