package io.cordon.vm.host;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.jspecify.annotations.Nullable;

/**
 * SHA-256 digests of files. Each file is read once, and again when its date, its length or its
 * inode is another. Safe for several threads.
 */
public final class FileDigests {
  private final ConcurrentMap<Path, Known> known = new ConcurrentHashMap<>();

  private record Stamp(@Nullable Object inode, long size, FileTime modified) {
    static Stamp of(Path file) throws IOException {
      BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
      return new Stamp(attributes.fileKey(), attributes.size(), attributes.lastModifiedTime());
    }
  }

  private record Known(Stamp stamp, String digest) {}

  /** The digest of a file's content, in hexadecimal digits. */
  public String of(Path file) throws IOException {
    Stamp stamp = Stamp.of(file); // before it is read: what is written meanwhile is seen next time
    Known before = known.get(file);
    if (before != null && before.stamp().equals(stamp)) {
      return before.digest();
    }
    String digest = read(file);
    known.put(file, new Known(stamp, digest));
    return digest;
  }

  private static String read(Path file) throws IOException {
    MessageDigest digest = sha256();
    try (InputStream in = new DigestInputStream(Files.newInputStream(file), digest)) {
      in.transferTo(OutputStream.nullOutputStream());
    }
    return HexFormat.of().formatHex(digest.digest());
  }

  /** A digest to be fed. */
  public static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e); // every Java platform has it
    }
  }
}
