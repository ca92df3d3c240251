package io.cordon.worker;

/** What was asked of the worker can't be done, and why. */
final class GuestException extends Exception {
  private static final long serialVersionUID = 1L;

  GuestException(String message) {
    super(message);
  }

  GuestException(String message, Throwable cause) {
    super(message, cause);
  }
}
