package io.cordon.vm.qemu;

import io.cordon.process.kernel.Descriptor;
import io.cordon.process.kernel.Kernel;
import io.cordon.sandbox.ErrorCode;
import io.cordon.sandbox.SandboxException;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;

/**
 * A machine that was stopped for good, from which others go on: its memory, which is sealed and so
 * can't be changed by anybody, and the state of its devices. Those that go on from it outlive it.
 * Safe for several threads.
 */
public final class SavedMachine implements AutoCloseable {
  private final Hardware hardware;
  private final Descriptor memory;
  private final Descriptor state;
  private final long stateBytes;

  // Held for reading by who opens the files, for writing by who closes them.
  private final ReadWriteLock open = new ReentrantReadWriteLock();
  private boolean closed;

  /**
   * Takes over the descriptors.
   *
   * @param memory sealed, and as large as the machine's memory
   * @param state sealed
   */
  SavedMachine(Hardware hardware, Descriptor memory, Descriptor state, long stateBytes) {
    this.hardware = hardware;
    this.memory = memory;
    this.state = state;
    this.stateBytes = stateBytes;
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
    open.readLock().lock();
    try {
      if (closed) {
        throw new SandboxException(ErrorCode.CLOSED, "the saved machine is closed");
      }
      return kernel.openAgain(file);
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
    } finally {
      open.writeLock().unlock();
    }
  }
}
