package io.cordon.sandbox;

/**
 * Something was refused, or did not succeed; the message says why, and what to do about it. Nothing
 * was run then, but for what an {@link OutcomeException} tells of, and where {@link
 * ErrorCode#CLEANUP_FAILED} says that something is left of what ran.
 */
public class SandboxException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final ErrorCode code;
  private final String reason;

  /** Creates an exception. */
  public SandboxException(ErrorCode code, String reason) {
    super(code.id() + ": " + reason);
    this.code = code;
    this.reason = reason;
  }

  /** Creates an exception with a cause. */
  public SandboxException(ErrorCode code, String reason, Throwable cause) {
    super(code.id() + ": " + reason, cause);
    this.code = code;
    this.reason = reason;
  }

  /** The stable name of the reason. */
  public ErrorCode code() {
    return code;
  }

  /** The message, without the code before it. */
  public String reason() {
    return reason;
  }
}
