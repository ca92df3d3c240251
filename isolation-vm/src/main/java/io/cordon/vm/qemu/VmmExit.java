package io.cordon.vm.qemu;

import io.cordon.sandbox.spi.CellExit;

/**
 * How a machine's QEMU ended.
 *
 * @param how the cell's end
 * @param killed whether this JVM killed it
 * @param console the end of what the guest's console said: not to be trusted
 * @param messages the end of what QEMU said
 */
public record VmmExit(CellExit how, boolean killed, String console, String messages) {

  /** The exit status, or 128 and the number of the signal, as a shell has it. */
  public int status() {
    return switch (how) {
      case CellExit.Exited(int status) -> status;
      case CellExit.Signaled(int signal) -> 128 + signal;
      case CellExit.Killed() -> 128 + 9;
      case CellExit.Broke broke -> 128 + broke.signal(); // which no process cell does
    };
  }
}
