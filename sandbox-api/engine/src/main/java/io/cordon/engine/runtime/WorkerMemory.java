package io.cordon.engine.runtime;

import io.cordon.policy.SandboxLimits;
import io.cordon.sandbox.ErrorCode;
import io.cordon.sandbox.SandboxException;

/**
 * How a worker's JVM divides up {@code memory.max}: what it needs beside the heap was measured, and
 * the heap gets the rest.
 *
 * @param heapMiB the largest heap
 * @param metaspaceMiB the most that classes may take
 */
record WorkerMemory(long heapMiB, long metaspaceMiB) {
  private static final long MIB = 1024 * 1024;

  /**
   * What one kind of worker needs at least. Measured as resident memory without the heap, and
   * rounded up; what is mapped from files, such as the AOT cache, can be dropped and read again.
   *
   * @param besideHeapMiB classes, compiled code, stacks, and the JVM itself
   * @param heapMiB the smallest heap in which it gets as far as its first task
   */
  private record Need(long besideHeapMiB, long heapMiB) {}

  private static Need need(WorkerKind kind) {
    return switch (kind) {
      case PLUGIN -> new Need(40, 16);
      case JAVASCRIPT -> new Need(112, 48);
    };
  }

  /** A JVM with the serial collector and one compiler, and the cell's init. */
  private static final int LEAST_PIDS = 20;

  /**
   * The memory of a worker that is held to these limits.
   *
   * @throws SandboxException if they are too small for it to start at all
   */
  static WorkerMemory within(SandboxLimits limits, WorkerKind kind) {
    Need need = need(kind);
    long available = limits.memoryMax() / MIB;
    long least = need.besideHeapMiB() + need.heapMiB();
    if (available < least) {
      throw tooSmall("memory.max", limits.memoryMax() + " bytes", kind, least + "Mi");
    }
    if (limits.pidsMax() < LEAST_PIDS) {
      throw tooSmall("pids.max", String.valueOf(limits.pidsMax()), kind, "" + LEAST_PIDS);
    }
    // A plugin with many classes takes room for them from its heap; a generous limit grows both.
    long spare = available - least;
    long metaspace = need.besideHeapMiB() + spare / 4;
    return new WorkerMemory(available - need.besideHeapMiB() - spare / 8, metaspace);
  }

  private static SandboxException tooSmall(
      String key, String value, WorkerKind kind, String least) {
    return new SandboxException(
        ErrorCode.LIMIT_TOO_SMALL,
        "%s is %s, and a %s worker needs at least %s to start: raise it"
            .formatted(key, value, kind.key(), least));
  }
}
