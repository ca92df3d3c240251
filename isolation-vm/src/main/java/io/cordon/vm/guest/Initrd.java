package io.cordon.vm.guest;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.List;
import org.apache.commons.compress.archivers.cpio.CpioArchiveEntry;
import org.apache.commons.compress.archivers.cpio.CpioArchiveOutputStream;
import org.apache.commons.compress.archivers.cpio.CpioConstants;

/**
 * Writes an initial ram disk: the first process, the modules that it loads, and the places where it
 * mounts things. The archive is what {@code Documentation/driver-api/early-userspace} of the kernel
 * calls newc.
 */
final class Initrd {
  private static final List<String> DIRECTORIES = List.of("/dev", "/proc", "/sys");

  private Initrd() {}

  /**
   * The archive.
   *
   * @param init the first process: an ELF program
   * @param modules what it loads
   */
  static byte[] of(byte[] init, List<KernelModule> modules) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(1 << 20);
    try (CpioArchiveOutputStream archive =
        new CpioArchiveOutputStream(bytes, CpioConstants.FORMAT_NEW)) {
      for (String directory : DIRECTORIES) {
        directory(archive, directory);
      }
      directory(archive, GuestBoot.NEW_ROOT);
      directory(archive, GuestBoot.MODULES);
      for (KernelModule module : modules) {
        file(archive, GuestBoot.MODULES + "/" + module.name(), 0400, module.content());
      }
      file(archive, "/init", 0500, init);
    }
    return bytes.toByteArray();
  }

  private static void directory(CpioArchiveOutputStream archive, String path) throws IOException {
    CpioArchiveEntry entry = entry(path, 0);
    entry.setMode(CpioConstants.C_ISDIR | 0755);
    archive.putArchiveEntry(entry);
    archive.closeArchiveEntry();
  }

  private static void file(
      CpioArchiveOutputStream archive, String path, long permissions, byte[] content)
      throws IOException {
    CpioArchiveEntry entry = entry(path, content.length);
    entry.setMode(CpioConstants.C_ISREG | permissions);
    archive.putArchiveEntry(entry);
    archive.write(content);
    archive.closeArchiveEntry();
  }

  private static CpioArchiveEntry entry(String path, long size) {
    CpioArchiveEntry entry =
        new CpioArchiveEntry(CpioConstants.FORMAT_NEW, path.substring(1), size);
    entry.setTime(0); // the same guest, the same archive
    return entry;
  }
}
