package io.cordon.engine.runtime;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserPrincipal;
import java.util.Set;

/**
 * What lies in the cache directory is run later, so it is used only if this user has put it there:
 * it is the user's, nobody else can write to it, and it is no link to what somebody else could.
 */
final class OwnFiles {
  private static final Set<PosixFilePermission> DIRECTORY =
      PosixFilePermissions.fromString("rwxr-xr-x");

  /** Readable by any user, whatever the umask says: a cell of root runs under another one. */
  static final Set<PosixFilePermission> FILE = PosixFilePermissions.fromString("rw-r--r--");

  private OwnFiles() {}

  /**
   * Makes a directory below the cache directory, where it is not there.
   *
   * @throws IOException if what is there is not the user's own
   */
  static void requireDirectory(Path directory) throws IOException {
    if (!Files.exists(directory, LinkOption.NOFOLLOW_LINKS)) {
      // Another JVM may be faster: then it is there, and checked like any other.
      Files.createDirectories(directory, PosixFilePermissions.asFileAttribute(DIRECTORY));
      Files.setPosixFilePermissions(directory, DIRECTORY);
    }
    PosixFileAttributes attributes = attributes(directory);
    if (!attributes.isDirectory() || !isOwn(attributes, ownerAround(directory))) {
      throw new IOException(
          "%s is not a directory that only %s can write to: remove it"
              .formatted(directory, ownerAround(directory).getName()));
    }
  }

  /** Whether this is a regular file of whom the directory belongs to that it lies in. */
  static boolean isOwnFile(Path file) throws IOException {
    try {
      PosixFileAttributes attributes = attributes(file);
      return attributes.isRegularFile() && isOwn(attributes, ownerAround(file));
    } catch (NoSuchFileException e) {
      return false;
    }
  }

  private static boolean isOwn(PosixFileAttributes attributes, UserPrincipal owner) {
    return attributes.owner().equals(owner)
        && !attributes.permissions().contains(PosixFilePermission.GROUP_WRITE)
        && !attributes.permissions().contains(PosixFilePermission.OTHERS_WRITE);
  }

  /** Whose the directory is that it lies in: that one has been checked before. */
  private static UserPrincipal ownerAround(Path file) throws IOException {
    return attributes(file.resolveSibling(".")).owner();
  }

  private static PosixFileAttributes attributes(Path file) throws IOException {
    return Files.readAttributes(file, PosixFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
  }
}
