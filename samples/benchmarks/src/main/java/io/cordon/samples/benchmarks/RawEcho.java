package io.cordon.samples.benchmarks;

import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;

/** Runs inside a cell: gives back each block of 64 bytes, with nothing in between. */
public final class RawEcho {
  static final int BLOCK = 64;

  private RawEcho() {}

  public static void main(String[] arguments) throws IOException {
    byte[] block = new byte[BLOCK];
    try (FileInputStream in = new FileInputStream(FileDescriptor.in);
        FileOutputStream out = new FileOutputStream(FileDescriptor.out)) {
      while (in.readNBytes(block, 0, BLOCK) == BLOCK) {
        out.write(block);
      }
    }
  }
}
