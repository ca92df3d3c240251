package io.cordon.engine.stream;

import java.io.IOException;
import java.io.InputStream;

/** Moves what a guest writes from its pipe to where it goes, until nobody can write any more. */
public final class Pump {
  private static final int CHUNK = 8 * 1024;

  private Pump() {}

  /** Moves everything; returns at the end of the stream. */
  public static void drain(InputStream from, GuestOutput to, OutputMeter meter) {
    byte[] chunk = new byte[CHUNK];
    try {
      for (int n = from.read(chunk); n >= 0; n = from.read(chunk)) {
        int admitted = meter.admit(n);
        if (admitted > 0) {
          to.write(chunk, 0, admitted);
        }
      }
    } catch (IOException e) {
      // The pipe was closed with the cell: there is nothing more to come.
    } finally {
      to.end();
    }
  }
}
