package io.cordon.engine.stream;

import java.io.InputStream;

/**
 * Where one output stream of a guest goes: written to by one pump, read by the application. Safe
 * for use by several threads.
 */
public sealed interface GuestOutput permits Capture, Conduit, Discard {

  /** Takes bytes, which are copied. May wait for the application to read. */
  void write(byte[] bytes, int offset, int length);

  /** The guest is dead: from now on {@link #write} waits for nobody. */
  void release();

  /** Nothing more comes. */
  void end();

  /** What the application reads. */
  InputStream reader();

  /** What was kept. */
  byte[] captured();
}
