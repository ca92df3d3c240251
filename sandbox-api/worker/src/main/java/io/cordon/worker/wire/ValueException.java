package io.cordon.worker.wire;

/** A value can't be sent: it is not what its type says, or it is too large. */
public final class ValueException extends Exception {
  private static final long serialVersionUID = 1L;

  /** Creates the exception; the message says where in the value, and why. */
  public ValueException(String message) {
    super(message);
  }

  /** Creates the exception; the message says where in the value, and why. */
  public ValueException(String message, Throwable cause) {
    super(message, cause);
  }
}
