package io.cordon.vm.agent;

import java.nio.ByteBuffer;

/** Is told what becomes of an order, on the thread that reads the control port. */
public interface OrderListener {

  /**
   * It reports something. The guest may have been taken over: this may be anything.
   *
   * @param message little-endian, of at most {@link GuestAgent#LONGEST_REPORT} bytes; the listener
   *     may keep it
   */
  void report(ByteBuffer message);

  /** Nobody is left who could report anything. */
  void ended();

  /**
   * The guest is gone, or does not keep to the protocol.
   *
   * @param reason in plain words
   */
  void lost(String reason);
}
