package io.cordon.sandbox.spi;

/** How a cell's program ended, as the kernel told the parent that waited for it. */
public sealed interface CellExit {

  /** It exited. */
  record Exited(int status) implements CellExit {}

  /** A signal ended the program itself. */
  record Signaled(int signal) implements CellExit {}

  /** The whole cell was killed from outside: by {@link Cell#kill()} or by the kernel. */
  record Killed() implements CellExit {}

  /**
   * What it ran on broke under it.
   *
   * @param part which part
   * @param signal that ended that part, or 0 if none did
   * @param description what is known of it; the guest's own words are marked as such
   */
  record Broke(Part part, int signal, String description) implements CellExit {}

  /** What a cell runs on, besides the host. */
  enum Part {
    /** The kernel of a micro-VM, by its own word. */
    GUEST_KERNEL,
    /** The process that a micro-VM is in, as the host's kernel told its parent. */
    VIRTUAL_MACHINE
  }
}
