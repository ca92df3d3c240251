package io.cordon.vm.disk;

import io.cordon.policy.SandboxLimits;
import io.cordon.process.kernel.Errno;
import io.cordon.process.kernel.Kernel;
import io.cordon.process.kernel.SystemCallException;
import io.cordon.sandbox.ErrorCode;
import io.cordon.sandbox.SandboxException;
import io.cordon.vm.host.PrivateCache;
import java.nio.file.Path;

/** Makes disks that guests write to. Safe for several threads. */
public final class ScratchDisks {
  private final Path directory;
  private final Kernel kernel;
  private final Ext4 ext4 = new Ext4();

  /**
   * Disks in a directory, where none of them ever has a name.
   *
   * @param cache whose directory it is
   */
  public ScratchDisks(PrivateCache cache, Kernel kernel) {
    this.directory = cache.directory();
    this.kernel = kernel;
  }

  /** How large a disk has to be, for a user to find so much room in its file system. */
  public static long imageBytes(SandboxLimits.Disk limit) {
    return Ext4.imageBytes(limit);
  }

  /**
   * One that is all zeros.
   *
   * @throws SandboxException {@link ErrorCode#CACHE_UNUSABLE} if it can't be made
   */
  public ScratchDisk blank(long bytes) {
    try {
      return new ScratchDisk(kernel, directory, bytes);
    } catch (SystemCallException e) {
      throw new SandboxException(
          ErrorCode.CACHE_UNUSABLE,
          "no scratch disk of %d bytes can be made in %s: %s"
              .formatted(bytes, directory, Errno.nameOf(e.errno())),
          e);
    }
  }

  /**
   * One with an empty file system, in which a user who is not root can use so much: see {@link
   * Ext4}.
   *
   * @throws SandboxException {@link ErrorCode#STRATEGY_UNUSABLE} if the tools that make it are
   *     missing or fail; {@link ErrorCode#CACHE_UNUSABLE} as {@link #blank} does
   */
  public ScratchDisk formatted(SandboxLimits.Disk limit) {
    ScratchDisk disk = blank(Ext4.imageBytes(limit));
    try {
      ext4.format(disk, limit, script -> kernel.unnamedFile(directory, script));
      return disk;
    } catch (RuntimeException e) {
      disk.close();
      throw e;
    }
  }
}
