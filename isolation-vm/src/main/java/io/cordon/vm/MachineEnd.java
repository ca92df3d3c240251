package io.cordon.vm;

import io.cordon.sandbox.ErrorCode;
import io.cordon.sandbox.SandboxException;
import io.cordon.sandbox.spi.CellExit;
import io.cordon.sandbox.spi.CellSpec;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How a machine ended.
 *
 * @param process as the host's kernel tells it of the machine's process
 * @param console the last that the guest's kernel printed: the guest's words
 * @param messages the last that the machine's process printed
 */
record MachineEnd(CellExit process, String console, String messages) {
  private static final int SIGKILL = 9; // asm-generic/signal.h
  private static final Pattern PANIC = Pattern.compile("Kernel panic - not syncing: (.{1,200})");

  /** The guest's kernel had no memory left, whatever group that was in. */
  boolean ranOutOfMemory() {
    return panic().filter(reason -> reason.contains("emory")).isPresent();
  }

  private Optional<String> panic() {
    Matcher panic = PANIC.matcher(console);
    return panic.find() ? Optional.of(panic.group(1)) : Optional.empty();
  }

  /**
   * What that is to the cell in it.
   *
   * @param killed whether the host has killed it
   * @param memoryKills how often the host's kernel has killed in the machine's group
   * @param lost how it was noticed
   */
  CellExit exit(boolean killed, long memoryKills, Throwable lost) {
    // Of a group over its limit, the kernel of control groups v1 kills one process only, and what
    // remains of it may be gone before Cordon has killed that.
    boolean outOfMemory = memoryKills > 0 && signal() == SIGKILL;
    if (killed || outOfMemory || process instanceof CellExit.Killed) {
      return new CellExit.Killed();
    }
    return panic()
        .<CellExit>map(
            reason ->
                new CellExit.Broke(
                    CellExit.Part.GUEST_KERNEL,
                    0,
                    "the guest's kernel panicked, as it says itself: " + reason))
        .orElseGet(() -> new CellExit.Broke(CellExit.Part.VIRTUAL_MACHINE, signal(), what(lost)));
  }

  /**
   * What that is to the launch of a cell in it.
   *
   * @param memoryKills how often the host's kernel has killed in the machine's group
   * @param tenantKills the same, for the tenant's memory.max
   * @param lost how it was noticed
   */
  SandboxException beforeExecuting(
      CellSpec spec, long memoryKills, long tenantKills, GuestLostException lost) {
    if (tenantKills > 0) {
      return tooSmall(
          "the tenant's sandboxes have all of its memory.max of %d bytes already: the kernel killed the launch"
              .formatted(spec.tenantLimits().memoryMax().orElse(0)),
          lost);
    }
    if (memoryKills > 0) {
      return tooSmall(
          "memory.max of %d bytes does not suffice to start: the kernel killed the micro-VM"
              .formatted(spec.limits().memoryMax()),
          lost);
    }
    String what =
        exit(false, 0, lost) instanceof CellExit.Broke broke
            ? broke.description()
            : "the micro-VM's process was killed";
    return new SandboxException(ErrorCode.LAUNCH_FAILED, "the guest is lost: " + what, lost);
  }

  private static SandboxException tooSmall(String reason, GuestLostException lost) {
    return new SandboxException(ErrorCode.LIMIT_TOO_SMALL, reason, lost);
  }

  private int signal() {
    return process instanceof CellExit.Signaled(int signal) ? signal : 0;
  }

  private String what(Throwable lost) {
    return switch (process) {
      case CellExit.Signaled(int signal) ->
          "the micro-VM's process was ended by signal %d, as the host's kernel told its parent"
              .formatted(signal);
      case CellExit.Exited(int status) when status != 0 ->
          "the micro-VM's process ended with status %d, and said: %s"
              .formatted(status, messages.strip());
      default -> "the guest went down: " + lost.getMessage();
    };
  }
}
