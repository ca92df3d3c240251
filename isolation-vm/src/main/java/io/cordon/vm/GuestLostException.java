package io.cordon.vm;

/** A guest is gone, or has not kept to the protocol. */
final class GuestLostException extends Exception {
  private static final long serialVersionUID = 1L;

  GuestLostException(String reason) {
    super(reason);
  }
}
