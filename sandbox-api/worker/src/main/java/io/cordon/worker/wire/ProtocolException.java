package io.cordon.worker.wire;

import java.io.IOException;

/** The other end broke the protocol; nothing it says after that is believed. */
public final class ProtocolException extends IOException {
  private static final long serialVersionUID = 1L;

  /** Creates the exception; the message says what was wrong. */
  public ProtocolException(String message) {
    super(message);
  }
}
