package io.cordon.engine.stream;

import java.io.InputStream;

/** Goes nowhere. */
public final class Discard implements GuestOutput {

  @Override
  public void write(byte[] bytes, int offset, int length) {}

  @Override
  public void release() {}

  @Override
  public void end() {}

  @Override
  public InputStream reader() {
    return InputStream.nullInputStream();
  }

  @Override
  public byte[] captured() {
    return new byte[0];
  }
}
