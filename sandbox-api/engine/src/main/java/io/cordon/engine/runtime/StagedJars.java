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
import java.nio.file.attribute.PosixFilePermissions;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.HexFormat;

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
      String digest = digest(source);
      Path home = directory.resolve(digest);
      Path target = home.resolve(name);
      if (!Files.exists(target) || !digest(() -> Files.newInputStream(target)).equals(digest)) {
        makeReadable(directory);
        makeReadable(home);
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
      String written = digest(() -> Files.newInputStream(incoming));
      if (!written.equals(digest)) {
        throw new IOException("it changed while it was read");
      }
      Files.setPosixFilePermissions(incoming, PosixFilePermissions.fromString("rw-r--r--"));
      Files.setLastModifiedTime(incoming, SAME_TIME);
      Files.move(incoming, target, StandardCopyOption.ATOMIC_MOVE);
    } finally {
      Files.deleteIfExists(incoming);
    }
  }

  /** Readable by any user, whatever the umask says: a cell of root runs under another one. */
  private static void makeReadable(Path directory) throws IOException {
    if (!Files.isDirectory(directory)) {
      Files.createDirectories(directory);
      Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
    }
  }

  private static String digest(Source source) throws IOException {
    try (DigestInputStream in = new DigestInputStream(source.open(), Digests.sha256())) {
      in.transferTo(OutputStream.nullOutputStream());
      MessageDigest digest = in.getMessageDigest();
      return HexFormat.of().formatHex(digest.digest());
    }
  }
}
