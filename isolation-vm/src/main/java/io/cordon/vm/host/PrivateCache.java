package io.cordon.vm.host;

import io.cordon.sandbox.ErrorCode;
import io.cordon.sandbox.SandboxException;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/**
 * A directory for things that are expensive to make, each a directory of its own under a key.
 * Private to the user of this JVM. An entry appears whole or not at all, so several JVMs may share
 * a cache. Safe for several threads.
 */
public final class PrivateCache {
  private static final Set<PosixFilePermission> OWNER_ONLY =
      PosixFilePermissions.fromString("rwx------");
  private static final Set<PosixFilePermission> OTHERS_MAY_WRITE =
      EnumSet.of(PosixFilePermission.GROUP_WRITE, PosixFilePermission.OTHERS_WRITE);

  private static final String NEW = ".new-";
  private static final String OLD = ".old-";

  private final Path directory;

  private PrivateCache(Path directory) {
    this.directory = directory;
  }

  /** Fills an entry that is being made. */
  @FunctionalInterface
  public interface Maker {
    /** Makes the entry in an empty directory. */
    void make(Path entry) throws IOException;
  }

  /**
   * Opens a cache, and makes its directory if there is none.
   *
   * @throws SandboxException {@link ErrorCode#CACHE_UNUSABLE} if it can't be made, or isn't ours
   *     alone to write
   */
  public static PrivateCache open(Path directory) {
    try {
      Files.createDirectories(directory, PosixFilePermissions.asFileAttribute(OWNER_ONLY));
      PosixFileAttributes attributes =
          Files.readAttributes(directory, PosixFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
      Object self = Files.getAttribute(Path.of("/proc/self"), "unix:uid");
      Object owner = Files.getAttribute(directory, "unix:uid", LinkOption.NOFOLLOW_LINKS);
      if (!attributes.isDirectory() || !self.equals(owner)) {
        throw unusable(directory + " is not a directory of this user", null);
      }
      if (attributes.permissions().stream().anyMatch(OTHERS_MAY_WRITE::contains)) {
        throw unusable(directory + " may be written by others; run: chmod 700 " + directory, null);
      }
      return new PrivateCache(directory.toRealPath());
    } catch (IOException e) {
      throw unusable(directory + " can't be used", e);
    }
  }

  /** The directory itself. */
  public Path directory() {
    return directory;
  }

  /** Where an entry is or would be. */
  public Path entry(String key) {
    if (key.isEmpty() || key.startsWith(".") || key.indexOf('/') >= 0) {
      throw new IllegalArgumentException("no key of a cache: " + key);
    }
    return directory.resolve(key);
  }

  /** The keys of what is there. */
  public List<String> keys() throws IOException {
    try (DirectoryStream<Path> all = Files.newDirectoryStream(directory, "[!.]*")) {
      return StreamSupport.stream(all.spliterator(), false)
          .filter(entry -> Files.isDirectory(entry, LinkOption.NOFOLLOW_LINKS))
          .map(entry -> entry.getFileName().toString())
          .toList();
    }
  }

  /** What is being made or removed, or was when a JVM died. */
  List<Path> unfinished() throws IOException {
    try (DirectoryStream<Path> all = Files.newDirectoryStream(directory, ".{new,old}-*")) {
      return StreamSupport.stream(all.spliterator(), false).toList();
    }
  }

  /** The entry, made now if it isn't there. */
  public Path get(String key, Maker maker) {
    Path entry = entry(key);
    return Files.isDirectory(entry, LinkOption.NOFOLLOW_LINKS) ? entry : make(entry, maker);
  }

  private Path make(Path entry, Maker maker) {
    try {
      Path unfinished =
          Files.createTempDirectory(
              directory, NEW, PosixFilePermissions.asFileAttribute(OWNER_ONLY));
      try {
        maker.make(unfinished);
        Files.move(unfinished, entry, StandardCopyOption.ATOMIC_MOVE);
      } finally {
        delete(unfinished);
      }
      return entry;
    } catch (IOException e) {
      if (Files.isDirectory(entry, LinkOption.NOFOLLOW_LINKS)) {
        return entry; // somebody was faster, and made the same
      }
      throw unusable(entry + " can't be made", e);
    }
  }

  /** Removes an entry, if it is there: at once as a whole, whoever is reading it. */
  public void remove(String key) {
    Path entry = entry(key);
    try {
      Path old = directory.resolve(OLD + Long.toHexString(System.nanoTime()) + key);
      Files.move(entry, old, StandardCopyOption.ATOMIC_MOVE);
      delete(old);
    } catch (NoSuchFileException e) {
      // it isn't there
    } catch (IOException e) {
      throw unusable(entry + " can't be removed", e);
    }
  }

  /** Removes a directory and all that is in it; links are removed, not followed. */
  public static void delete(Path tree) throws IOException {
    if (!Files.exists(tree, LinkOption.NOFOLLOW_LINKS)) {
      return;
    }
    Files.walkFileTree(
        tree,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            Files.delete(file);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult postVisitDirectory(Path directory, @Nullable IOException failure)
              throws IOException {
            if (failure != null) {
              throw failure;
            }
            Files.delete(directory);
            return FileVisitResult.CONTINUE;
          }
        });
  }

  private static SandboxException unusable(String reason, @Nullable IOException cause) {
    return cause == null
        ? new SandboxException(ErrorCode.CACHE_UNUSABLE, reason)
        : new SandboxException(ErrorCode.CACHE_UNUSABLE, reason + ": " + cause, cause);
  }
}
