package io.cordon.sandbox.spi;

/** How a cell's program ended, as the kernel told the parent that waited for it. */
public sealed interface CellExit {

  /** It exited. */
  record Exited(int status) implements CellExit {}

  /** A signal ended the program itself. */
  record Signaled(int signal) implements CellExit {}

  /** The whole cell was killed from outside: by {@link Cell#kill()} or by the kernel. */
  record Killed() implements CellExit {}
}
