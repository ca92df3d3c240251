package io.cordon.vm.guest;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.commons.compress.compressors.xz.XZCompressorInputStream;

/**
 * A loadable module of a kernel. Immutable.
 *
 * @param name as the kernel writes it, with underscores
 * @param file {@code .ko}, or {@code .ko.xz}
 */
public record KernelModule(String name, Path file) {
  private static final int MOST_BYTES = 32 << 20;
  private static final int XZ_MEMORY_KIB = 128 << 10;

  /** The module of a file. */
  static KernelModule of(Path file) {
    String base = String.valueOf(file.getFileName());
    return new KernelModule(nameOf(base), file);
  }

  /** The kernel takes both kinds of dash for one: {@code modprobe(8)}. */
  static String nameOf(String fileName) {
    int suffix = fileName.indexOf(".ko");
    return (suffix < 0 ? fileName : fileName.substring(0, suffix)).replace('-', '_');
  }

  /** What is handed to the kernel. */
  byte[] content() throws IOException {
    try (InputStream raw = new BufferedInputStream(Files.newInputStream(file));
        InputStream in = file.toString().endsWith(".xz") ? unpacked(raw) : raw) {
      byte[] content = in.readNBytes(MOST_BYTES + 1);
      if (content.length > MOST_BYTES) {
        throw new IOException(file + " is larger than " + MOST_BYTES + " bytes");
      }
      return content;
    }
  }

  private static InputStream unpacked(InputStream raw) throws IOException {
    return XZCompressorInputStream.builder()
        .setInputStream(raw)
        .setMemoryLimitKiB(XZ_MEMORY_KIB)
        .get();
  }
}
