package io.cordon.vm;

import io.cordon.policy.Limit;
import io.cordon.policy.SandboxLimits;
import io.cordon.sandbox.ErrorCode;
import io.cordon.sandbox.SandboxException;
import java.io.IOException;
import java.time.Duration;

/**
 * What a cell in a guest is held to, while it runs: its memory and its processes by the guest's
 * kernel, the rest by the host's, which holds the machine. Confined to one thread at a time.
 */
final class LiveLimits {
  // To reclaim may take an emulated processor a while.
  private static final Duration OBEYING = Duration.ofSeconds(10);

  private final GuestMachine machine;
  private final int guestMiB;
  private SandboxLimits cell;
  private SandboxLimits outer;

  /**
   * The limits from a launch on.
   *
   * @param cell what the guest's kernel was told
   * @param outer what the machine's own cell is held to
   */
  LiveLimits(GuestMachine machine, SandboxLimits cell, SandboxLimits outer) {
    this.machine = machine;
    this.guestMiB = GuestMemory.guestMiB(cell);
    this.cell = cell;
    this.outer = outer;
  }

  /**
   * Changes all of them, or none.
   *
   * @throws SandboxException if the cell needs what it would lose, if the guest has not got what
   *     the cell would gain, and if it does not obey
   */
  void change(SandboxLimits wanted) {
    requireRoom(wanted.memoryMax());
    SandboxLimits outside =
        outer
            .resized(wanted.cpuMaxMillis(), outer.memoryMax(), outer.pidsMax())
            .tuned(outer.tuning().withLiveOf(VmWorkshop.ofMachine(wanted.tuning())));
    try {
      if (wanted.memoryMax() < cell.memoryMax()) {
        reclaim(wanted.memoryMax());
      }
      machine.limit(wanted, OBEYING);
      machine.confinement().resize(outside);
    } catch (IOException e) {
      undo();
      throw new SandboxException(
          ErrorCode.NOT_LIVE, "the guest has not taken its new limits: " + e.getMessage(), e);
    } catch (SandboxException e) {
      undo();
      throw e;
    }
    cell = wanted;
    outer = outside;
  }

  private void requireRoom(long bytes) {
    long most = GuestMemory.cellBytes(guestMiB);
    if (bytes > most) {
      throw new SandboxException(
          ErrorCode.NOT_LIVE,
          "memory.max can't become %s: the guest was booted for %s at most; open another sandbox"
              .formatted(Limit.MEMORY.format(bytes), Limit.MEMORY.format(most)));
    }
  }

  private void reclaim(long bytes) throws IOException {
    long used = machine.reclaim(bytes, OBEYING);
    if (used > bytes) {
      throw new SandboxException(
          ErrorCode.LIMIT_IN_USE,
          "memory.max can't become %s: it uses %s, which can't be reclaimed"
              .formatted(Limit.MEMORY.format(bytes), Limit.MEMORY.format(used)));
    }
  }

  /** Nobody knows what holds in a guest that does not even take back what it had. */
  private void undo() {
    try {
      machine.limit(cell, OBEYING);
    } catch (IOException e) {
      machine.kill();
    }
  }
}
