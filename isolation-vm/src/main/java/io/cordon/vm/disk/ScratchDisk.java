package io.cordon.vm.disk;

import io.cordon.process.kernel.Descriptor;
import io.cordon.process.kernel.Kernel;
import java.nio.file.Path;

/**
 * The image of a disk that a guest writes to: a sparse file without a name, of which nothing is
 * left when nobody has it open any more, however that came. Once a guest has had it, its content is
 * that guest's word: it is copied, and never looked into. Safe for several threads, like the
 * descriptor.
 */
public final class ScratchDisk implements AutoCloseable {
  private final Kernel kernel;
  private final Path directory;
  private final Descriptor file;
  private final long bytes;

  ScratchDisk(Kernel kernel, Path directory, long bytes) {
    this.kernel = kernel;
    this.directory = directory;
    this.file = kernel.sparseFile(directory, bytes);
    this.bytes = bytes;
  }

  /** How large it is: what is not written yet takes no room. */
  public long bytes() {
    return bytes;
  }

  /** Its file, which stays its own to close. */
  public Descriptor file() {
    return file;
  }

  /**
   * Another one with the same content, which costs as much as that has been written; for as long as
   * nobody writes to this one.
   *
   * @throws io.cordon.process.kernel.SystemCallException ENOSPC if the host's disk is full
   */
  public ScratchDisk copy() {
    ScratchDisk copy = new ScratchDisk(kernel, directory, bytes);
    try {
      kernel.copyExtents(file, copy.file);
      return copy;
    } catch (RuntimeException e) {
      copy.close();
      throw e;
    }
  }

  @Override
  public void close() {
    file.close();
  }
}
