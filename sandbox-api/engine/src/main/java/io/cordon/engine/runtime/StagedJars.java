package io.cordon.engine.runtime;

import io.cordon.sandbox.ErrorCode;
import io.cordon.sandbox.SandboxException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Instant;

/**
 * Jars in the cache directory, each in a directory that is named by its SHA-256 digest: a cell can
 * reach them there, wherever the application has them from. Several JVMs may stage at once: a jar
 * appears whole, or not at all, and one that is not what its name says is replaced.
 */
public final class StagedJars {
  /**
   * An AOT cache is good for jars of the very times that it was made with: so they never change.
   */
  private static final FileTime SAME_TIME = FileTime.from(Instant.parse("2026-01-01T00:00:00Z"));

  private final Path directory;

  /** Stages below this directory, which only the user can write to. */
  public StagedJars(Path directory) {
    this.directory = directory;
  }

  /** Where bytes come from, as often as they are wanted. */
  @FunctionalInterface
  public interface Source {
    /** Opens the bytes. */
    InputStream open() throws IOException;
  }

  /**
   * A jar in the cache.
   *
   * @param path where it is
   * @param digest SHA-256, in small hexadecimal digits
   */
  public record StagedJar(Path path, String digest) {}

  /**
   * Stages a jar; what is there already is checked, not copied.
   *
   * @param name the file name that it gets
   */
  public StagedJar stage(String name, Source source) {
    try {
      String digest = Digests.sha256(source.open());
      Path home = directory.resolve(digest);
      Path target = home.resolve(name);
      OwnFiles.requireDirectory(directory);
      OwnFiles.requireDirectory(home);
      if (!holds(target, digest)) {
        copy(source, home, target, digest);
      }
      return new StagedJar(target, digest);
    } catch (IOException e) {
      throw new SandboxException(
          ErrorCode.CACHE_UNUSABLE,
          "%s can't be put into the cache directory %s: %s".formatted(name, directory, e),
          e);
    }
  }

  private static void copy(Source source, Path home, Path target, String digest)
      throws IOException {
    Path incoming = Files.createTempFile(home, ".incoming", "");
    try {
      try (InputStream in = source.open();
          OutputStream out = Files.newOutputStream(incoming)) {
        in.transferTo(out);
      }
      String written = Digests.sha256(Files.newInputStream(incoming));
      if (!written.equals(digest)) {
        throw new IOException("it changed while it was read");
      }
      Files.setPosixFilePermissions(incoming, OwnFiles.FILE);
      Files.setLastModifiedTime(incoming, SAME_TIME);
      Files.move(incoming, target, StandardCopyOption.ATOMIC_MOVE);
    } finally {
      Files.deleteIfExists(incoming);
    }
  }

  private static boolean holds(Path target, String digest) throws IOException {
    return OwnFiles.isOwnFile(target)
        && Digests.sha256(Files.newInputStream(target)).equals(digest);
  }
}
