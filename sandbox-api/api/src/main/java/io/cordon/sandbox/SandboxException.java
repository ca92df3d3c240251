package io.cordon.sandbox;

/** Something was refused, and nothing was run or lost. The message says what to do about it. */
public class SandboxException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final ErrorCode code;

  /** Creates an exception. */
  public SandboxException(ErrorCode code, String message) {
    super(code.id() + ": " + message);
    this.code = code;
  }

  /** Creates an exception with a cause. */
  public SandboxException(ErrorCode code, String message, Throwable cause) {
    super(code.id() + ": " + message, cause);
    this.code = code;
  }

  /** The stable name of the reason. */
  public ErrorCode code() {
    return code;
  }
}
