package io.cordon.sandbox;

import io.cordon.policy.Protection;
import java.util.Optional;

/**
 * One layer of protection.
 *
 * @param name its stable name, such as {@code user-namespace}, {@code seccomp}, {@code
 *     cgroup-memory}
 * @param protection the protection that a policy requires it by, if there is one
 * @param state whether it is in force
 * @param detail what it is, or the error that the host gave
 * @param remedy the command or setting that would add it, or an empty text
 */
public record Layer(
    String name, Optional<Protection> protection, State state, String detail, String remedy) {

  /**
   * The name of the layer that a micro-VM has from the processor, and lacks where it is emulated.
   */
  public static final String HARDWARE_VIRTUALIZATION = "hardware-virtualization";

  /** Whether a layer is in force. */
  public enum State {
    /** The kernel enforces it. */
    IN_FORCE,
    /** It is watched and acted upon, but not enforced by the kernel. */
    ADVISORY,
    /** The host does not have it. */
    MISSING
  }
}
