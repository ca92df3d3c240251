package io.cordon.samples.benchmarks;

import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;

/** Runs inside a cell: gives back each block of 64 bytes, with nothing in between. */
public final class RawEcho {
  static final int BLOCK = 64;

  /** The argument with which it first writes a block of zeros, to say that it is there. */
  static final String GREET = "greet";

  private RawEcho() {}

  public static void main(String[] arguments) throws IOException {
    byte[] block = new byte[BLOCK];
    try (FileInputStream in = new FileInputStream(FileDescriptor.in);
        FileOutputStream out = new FileOutputStream(FileDescriptor.out)) {
      if (arguments.length > 0 && arguments[0].equals(GREET)) {
        out.write(block);
      }
      while (in.readNBytes(block, 0, BLOCK) == BLOCK) {
        out.write(block);
      }
    }
  }
}
