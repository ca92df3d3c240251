package io.cordon.engine;

import io.cordon.sandbox.ErrorCode;
import io.cordon.sandbox.SandboxException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/**
 * The directory where what is made once is kept: what lies in it is run later, so nobody but the
 * user may write to it. Others may read it: a cell of root runs under an unprivileged user.
 */
public final class CacheDirectory {
  private static final Set<PosixFilePermission> MODE = PosixFilePermissions.fromString("rwxr-xr-x");

  private CacheDirectory() {}

  /**
   * Makes the directory, where it is not there, and checks whose it is.
   *
   * @throws SandboxException if it can't be made, or somebody else could write to it
   */
  public static Path prepare(Path directory) {
    try {
      Path absolute = directory.toAbsolutePath();
      if (!Files.isDirectory(absolute)) {
        Files.createDirectories(absolute, PosixFilePermissions.asFileAttribute(MODE));
        Files.setPosixFilePermissions(absolute, MODE);
      }
      requirePrivate(absolute);
      return absolute;
    } catch (IOException e) {
      throw new SandboxException(
          ErrorCode.CACHE_UNUSABLE,
          "the cache directory %s can't be made: %s; name another one with cache()"
              .formatted(directory, e),
          e);
    }
  }

  private static void requirePrivate(Path directory) throws IOException {
    PosixFileAttributes attributes =
        Files.readAttributes(directory, PosixFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
    boolean writableByOthers =
        attributes.permissions().contains(PosixFilePermission.GROUP_WRITE)
            || attributes.permissions().contains(PosixFilePermission.OTHERS_WRITE);
    if (!attributes.isDirectory() || writableByOthers || !ownedByThisUser(directory, attributes)) {
      throw new SandboxException(
          ErrorCode.CACHE_UNUSABLE,
          "the cache directory %s must be a directory that %s owns and nobody else can write to; it is %s %s"
              .formatted(
                  directory,
                  System.getProperty("user.name"),
                  attributes.owner().getName(),
                  PosixFilePermissions.toString(attributes.permissions())));
    }
  }

  /** Compared by what a new file of ours gets: user.name is a property that anyone may set. */
  private static boolean ownedByThisUser(Path directory, PosixFileAttributes attributes)
      throws IOException {
    Path mine = Files.createTempFile(directory, ".owner", "");
    try {
      return Files.getOwner(mine).equals(attributes.owner());
    } finally {
      Files.delete(mine);
    }
  }
}
