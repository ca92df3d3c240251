package io.cordon.engine.admission;

import io.cordon.sandbox.ErrorCode;
import io.cordon.sandbox.SandboxException;

/**
 * Why a task may not begin.
 *
 * @param code the stable name of the reason
 * @param reason the limit, its value, and what to do about it
 */
public record Refusal(ErrorCode code, String reason) {
  /** Everything is closed, or being closed. */
  public static final Refusal CLOSED = new Refusal(ErrorCode.CLOSED, "these sandboxes are closed");

  /** For who is told by an exception. */
  public SandboxException exception() {
    return new SandboxException(code, reason);
  }
}
