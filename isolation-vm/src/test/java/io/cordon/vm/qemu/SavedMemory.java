package io.cordon.vm.qemu;

import io.cordon.process.kernel.Descriptor;
import io.cordon.process.kernel.Kernel;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;

/** Looks into what clones start from. */
public final class SavedMemory {
  private static final int PART = 1 << 20;

  private SavedMemory() {}

  /** Whether these bytes are somewhere in the memory or in the devices' state. */
  public static boolean contains(Kernel kernel, SavedMachine saved, byte[] wanted)
      throws IOException {
    try (Descriptor memory = saved.openMemory(kernel);
        Descriptor state = saved.openState(kernel)) {
      return contains(kernel, memory, wanted) || contains(kernel, state, wanted);
    }
  }

  /** Whether two have the same memory: no two guests that were booted have. */
  public static boolean same(Kernel kernel, SavedMachine one, SavedMachine other)
      throws IOException {
    try (Descriptor first = one.openMemory(kernel);
        Descriptor second = other.openMemory(kernel)) {
      return Files.mismatch(kernel.path(first), kernel.path(second)) < 0;
    }
  }

  private static boolean contains(Kernel kernel, Descriptor file, byte[] wanted)
      throws IOException {
    byte[] part = new byte[PART + wanted.length];
    int kept = 0;
    try (InputStream in = Files.newInputStream(kernel.path(file))) {
      for (int read = in.readNBytes(part, kept, PART);
          read > 0;
          read = in.readNBytes(part, kept, PART)) {
        int end = kept + read;
        if (indexOf(part, end, wanted) >= 0) {
          return true;
        }
        kept = Math.min(end, wanted.length - 1); // it may go on in the next part
        System.arraycopy(part, end - kept, part, 0, kept);
      }
    }
    return false;
  }

  private static int indexOf(byte[] bytes, int length, byte[] wanted) {
    for (int at = 0; at + wanted.length <= length; at++) {
      int same = 0;
      while (same < wanted.length && bytes[at + same] == wanted[same]) {
        same++;
      }
      if (same == wanted.length) {
        return at;
      }
    }
    return -1;
  }
}
