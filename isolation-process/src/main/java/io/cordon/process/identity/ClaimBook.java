package io.cordon.process.identity;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotLinkException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/**
 * Which JVM of this host has claimed which user ids: a directory that root alone may enter.
 *
 * <p>In it, each JVM has one file that it keeps locked while it lives, {@code owner-…}, and for
 * each id that it has claimed a symbolic link, named by the id, whose text is the name of that
 * file. Making a link is atomic and fails if there is one. Only who holds the lock of an owner
 * removes the owner's links; so a claim can't be taken from the living, nor twice from the dead.
 * One descriptor serves for any number of claims.
 *
 * <p>The lock is POSIX's, which a process loses on closing <em>any</em> descriptor of the file:
 * owners that are of this JVM are told by their name, and never opened.
 */
final class ClaimBook implements AutoCloseable {
  private static final String OWNER = "owner-";
  private static final Set<PosixFilePermission> PRIVATE =
      PosixFilePermissions.fromString("rwx------");

  private final Path directory;
  private final String thisJvm;
  private final String owner;
  private final FileChannel lock;

  private ClaimBook(Path directory, String thisJvm, String owner, FileChannel lock) {
    this.directory = directory;
    this.thisJvm = thisJvm;
    this.owner = owner;
    this.lock = lock;
  }

  /**
   * Opens the book.
   *
   * @param base where; its parent has to be there
   * @param uid who may enter: the JVM's user, which is root
   * @param self the JVM, by pid and start time
   */
  static ClaimBook open(Path base, int uid, ProcessHandle self) throws IOException {
    Path directory = base.resolve("uid");
    secure(base, uid);
    secure(directory, uid);
    String thisJvm =
        OWNER
            + self.pid()
            + "-"
            + self.info().startInstant().map(start -> start.toEpochMilli()).orElse(0L)
            + "-";
    while (true) {
      String owner = thisJvm + Long.toHexString(System.nanoTime()); // names are never used again
      Path file = directory.resolve(owner);
      FileChannel lock =
          FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
      if (lock.tryLock() != null && Files.exists(file)) {
        ClaimBook book = new ClaimBook(directory, thisJvm, owner, lock);
        book.removeTheDead();
        return book;
      }
      lock.close(); // somebody swept it away before it was locked
    }
  }

  private static void secure(Path directory, int uid) throws IOException {
    try {
      Files.createDirectory(directory, PosixFilePermissions.asFileAttribute(PRIVATE));
    } catch (FileAlreadyExistsException e) {
      // made by somebody earlier; by whom, is seen below
    }
    PosixFileAttributes attributes =
        Files.readAttributes(directory, PosixFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
    Object maker = Files.getAttribute(directory, "unix:uid", LinkOption.NOFOLLOW_LINKS);
    if (!attributes.isDirectory()
        || !maker.equals(uid)
        || attributes.permissions().contains(PosixFilePermission.GROUP_WRITE)
        || attributes.permissions().contains(PosixFilePermission.OTHERS_WRITE)) {
      throw new IOException(
          directory
              + " is not a directory that only user "
              + uid
              + " may write to: see who made it, and remove it");
    }
  }

  /** Claims an id; false, if a living JVM has it. */
  boolean claim(int id) throws IOException {
    Path link = directory.resolve(Integer.toString(id));
    for (int attempt = 0; attempt < 2; attempt++) {
      try {
        Files.createSymbolicLink(link, Path.of(owner));
        return true;
      } catch (FileAlreadyExistsException e) {
        try {
          removeIfDead(Files.readSymbolicLink(link).toString());
        } catch (NoSuchFileException | NotLinkException given) {
          // given back meanwhile, or nothing of ours
        }
      }
    }
    return false;
  }

  /** Gives an id back. */
  void release(int id) throws IOException {
    Files.deleteIfExists(directory.resolve(Integer.toString(id)));
  }

  private void removeTheDead() throws IOException {
    try (DirectoryStream<Path> owners = Files.newDirectoryStream(directory, OWNER + "*")) {
      for (Path file : owners) {
        removeIfDead(file.getFileName().toString());
      }
    }
  }

  private void removeIfDead(String name) throws IOException {
    if (!name.startsWith(OWNER) || name.startsWith(thisJvm)) {
      return;
    }
    Path file = directory.resolve(name);
    synchronized (ClaimBook.class) { // the lock is the process's: it keeps no two threads apart
      try (FileChannel channel =
          FileChannel.open(file, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS)) {
        if (channel.tryLock() != null) {
          removeLinksTo(name);
          Files.deleteIfExists(file);
        }
      } catch (NoSuchFileException e) {
        // removed meanwhile
      }
    }
  }

  private void removeLinksTo(String name) throws IOException {
    try (DirectoryStream<Path> links = Files.newDirectoryStream(directory, "[0-9]*")) {
      for (Path link : links) {
        try {
          if (Files.readSymbolicLink(link).toString().equals(name)) {
            Files.deleteIfExists(link);
          }
        } catch (NoSuchFileException e) {
          // given back meanwhile
        }
      }
    }
  }

  @Override
  public void close() throws IOException {
    try (lock) {
      removeLinksTo(owner);
      Files.deleteIfExists(directory.resolve(owner));
    }
  }
}
