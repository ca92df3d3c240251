package io.cordon.worker.wire;

/** A type can't be a contract, or can't travel as plain data. */
public final class ContractException extends Exception {
  private static final long serialVersionUID = 1L;

  /** Creates the exception; the message has the path to the offender, and the reason. */
  public ContractException(String message) {
    super(message);
  }

  /** Creates the exception; the message has the path to the offender, and the reason. */
  public ContractException(String message, Throwable cause) {
    super(message, cause);
  }
}
