package io.cordon.vm.qemu;

/** How a guest ended. */
public sealed interface GuestEnd {

  /**
   * Its program ended, and the guest powered off.
   *
   * @param waitStatus as the program's parent got it from the guest's kernel
   * @param userNanos processor time of it and all its reaped descendants in user mode, by the
   *     guest's clock
   * @param systemNanos the same in the guest's kernel
   * @param maxResidentBytes the most memory that one of them had resident
   */
  record Ended(int waitStatus, long userNanos, long systemNanos, long maxResidentBytes)
      implements GuestEnd {

    /** The exit status, or 128 and the number of the signal, as a shell has it. */
    public int exitStatus() {
      int signal = waitStatus & 0x7f;
      return signal == 0 ? waitStatus >> 8 & 0xff : 128 + signal;
    }
  }

  /**
   * Its first process could not do a step.
   *
   * @param step what it was to do
   * @param error the name of the error; "unknown" where it could not be told
   */
  record StepFailed(String step, String error) implements GuestEnd {}

  /**
   * Its kernel panicked.
   *
   * @param reason the kernel's words
   */
  record Panicked(String reason) implements GuestEnd {}

  /**
   * The machine's own process ended before the guest did.
   *
   * @param exitStatus of that process
   * @param messages what it said at the end
   */
  record VmmDied(int exitStatus, String messages) implements GuestEnd {}

  /** The host killed it. */
  record Killed() implements GuestEnd {}

  /**
   * What came on the control port is no report; the machine has been killed.
   *
   * @param reason what is wrong with it
   */
  record Misbehaved(String reason) implements GuestEnd {}
}
