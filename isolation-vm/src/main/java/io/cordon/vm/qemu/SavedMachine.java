package io.cordon.vm.qemu;

import io.cordon.process.kernel.Descriptor;
import io.cordon.process.kernel.Kernel;
import io.cordon.sandbox.ErrorCode;
import io.cordon.sandbox.SandboxException;
import io.cordon.vm.disk.ScratchDisk;
import java.util.Optional;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Supplier;

/**
 * A machine that was stopped for good, from which others go on: its memory, which is sealed and so
 * can't be changed by anybody, the state of its devices, and its scratch disk, which no machine
 * gets but as a copy. Those that go on from it outlive it. Safe for several threads.
 */
public final class SavedMachine implements AutoCloseable {
  private final Hardware hardware;
  private final Descriptor memory;
  private final Descriptor state;
  private final long stateBytes;
  private final Optional<ScratchDisk> scratch;

  // Held for reading by who opens the files, for writing by who closes them.
  private final ReadWriteLock open = new ReentrantReadWriteLock();
  private boolean closed;

  /**
   * Takes over the descriptors.
   *
   * @param memory sealed, and as large as the machine's memory
   * @param state sealed
   * @param scratch as it was when the machine was stopped
   */
  SavedMachine(
      Hardware hardware,
      Descriptor memory,
      Descriptor state,
      long stateBytes,
      Optional<ScratchDisk> scratch) {
    this.hardware = hardware;
    this.memory = memory;
    this.state = state;
    this.stateBytes = stateBytes;
    this.scratch = scratch;
  }

  /** What it was built of. */
  public Hardware hardware() {
    return hardware;
  }

  /** How large the state of its devices is. */
  public long stateBytes() {
    return stateBytes;
  }

  /** Opens the memory anew: what one machine does to its open file is no other's. */
  Descriptor openMemory(Kernel kernel) {
    return openAgain(kernel, memory);
  }

  /** The same with the state, which each reads from its start. */
  Descriptor openState(Kernel kernel) {
    return openAgain(kernel, state);
  }

  private Descriptor openAgain(Kernel kernel, Descriptor file) {
    return whileOpen(() -> kernel.openAgain(file));
  }

  /** A scratch disk like its own, if it has one. */
  Optional<ScratchDisk> copyScratch() {
    return whileOpen(() -> scratch.map(ScratchDisk::copy));
  }

  private <T> T whileOpen(Supplier<T> use) {
    open.readLock().lock();
    try {
      if (closed) {
        throw new SandboxException(ErrorCode.CLOSED, "the saved machine is closed");
      }
      return use.get();
    } finally {
      open.readLock().unlock();
    }
  }

  @Override
  public void close() {
    open.writeLock().lock();
    try {
      closed = true;
      memory.close();
      state.close();
      scratch.ifPresent(ScratchDisk::close);
    } finally {
      open.writeLock().unlock();
    }
  }
}
