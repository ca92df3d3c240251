package io.cordon.vm.guest;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.cordon.sandbox.ErrorCode;
import io.cordon.sandbox.SandboxException;
import io.cordon.vm.host.DiskBudget;
import io.cordon.vm.host.HostTool;
import io.cordon.vm.host.PrivateCache;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Makes root images with the distribution's own tool, and keeps them in a cache by the digest of
 * what they hold. An image is read through and compared with its digest when it is first handed
 * out; one that differs is made anew.
 *
 * <p>What hasn't been used for longest is removed where the images take more than their share of
 * the disk; never what has been handed out by a JVM that lives and has not closed it. Safe for
 * several threads.
 */
public final class RootImages implements AutoCloseable {
  /** What the images of a cache may take together, unless it is said otherwise: in bytes. */
  public static final long USUAL_BUDGET = 4L << 30;

  private static final HostTool MKFS = new HostTool("mkfs.erofs", "erofs-utils");
  private static final Duration MAKING = Duration.ofMinutes(10);

  // The same content makes the same image: no times, no random identifier.
  private static final List<String> OPTIONS =
      List.of("--quiet", "--all-root", "-T0", "-U00000000-0000-0000-0000-000000000000");

  private static final int MOST_ATTEMPTS = 3;
  private static final Path TOP = Path.of("/");
  private static final String IMAGE = "root.erofs";
  private static final String DIGEST = "root.sha256";

  private final PrivateCache cache;
  private final Consumer<String> progress;
  private final DiskBudget budget;
  private final Map<String, RootImage> checked = new HashMap<>();
  private final ReentrantLock lock = new ReentrantLock();

  /** Images in a cache, within the usual budget. */
  public RootImages(PrivateCache cache, Consumer<String> progress) {
    this(cache, USUAL_BUDGET, progress);
  }

  /**
   * Images in a cache.
   *
   * @param cache where they are kept
   * @param bytes how much of the disk they may take
   * @param progress is told what takes long, a line at a time
   */
  public RootImages(PrivateCache cache, long bytes, Consumer<String> progress) {
    this.cache = cache;
    this.budget = new DiskBudget(cache, bytes, ProcessHandle.current());
    this.progress = progress;
  }

  /** Writes what a tree holds somewhere. */
  private interface Sink {
    OutputStream file(Path at, boolean executable) throws IOException;

    void directory(Path at) throws IOException;

    void link(Path at, String target) throws IOException;
  }

  /**
   * The image of a tree.
   *
   * @throws SandboxException {@link ErrorCode#STRATEGY_UNUSABLE} if the tool that makes it is
   *     missing or fails; {@link ErrorCode#LAUNCH_FAILED} if a file can't be read; {@link
   *     ErrorCode#CACHE_UNUSABLE} if it can't be kept
   */
  public RootImage image(RootTree tree) {
    lock.lock();
    try {
      String key = copy(tree, new Nowhere());
      RootImage known = checked.get(key);
      if (known != null) {
        return known;
      }
      RootImage image = new RootImage(use(tree, key).resolve(IMAGE), key);
      checked.put(key, image);
      budget
          .enforce()
          .forEach(
              removed -> progress.accept("removed a root image, unused for longest: " + removed));
      return image;
    } catch (IOException e) {
      throw new SandboxException(ErrorCode.LAUNCH_FAILED, "the root image can't be made: " + e, e);
    } finally {
      lock.unlock();
    }
  }

  /** An entry that nobody removes any more, and that is as it was made. */
  private Path use(RootTree tree, String key) throws IOException {
    for (int attempt = 0; attempt < MOST_ATTEMPTS; attempt++) {
      Path entry = cache.get(key, unfinished -> make(tree, key, unfinished));
      if (!budget.use(key)) {
        continue; // another JVM has just removed it
      }
      if (isIntact(entry)) {
        return entry;
      }
      progress.accept("the root image " + entry + " is damaged, and is made anew");
      budget.leave(key);
      cache.remove(key);
    }
    throw new IOException("it does not stay as it was made: " + cache.entry(key));
  }

  private void make(RootTree tree, String key, Path into) throws IOException {
    progress.accept("making a root image of " + tree.nodes().size() + " files");
    Path staging = Files.createDirectory(into.resolve("staging"));
    Files.setPosixFilePermissions(staging, PosixFilePermissions.fromString("rwxr-xr-x"));
    String copied = copy(tree, new Into(staging));
    if (!copied.equals(key)) {
      throw new IOException("files changed while they were copied into a root image");
    }
    Path image = into.resolve(IMAGE);
    MKFS.require(into, MAKING, arguments(image, staging));
    PrivateCache.delete(staging);
    Files.setPosixFilePermissions(image, PosixFilePermissions.fromString("rw-------"));
    Files.writeString(into.resolve(DIGEST), digest(image));
  }

  private static List<String> arguments(Path image, Path staging) {
    return Stream.concat(OPTIONS.stream(), Stream.of(image.toString(), staging.toString()))
        .toList();
  }

  private static boolean isIntact(Path entry) {
    try {
      return Files.readString(entry.resolve(DIGEST)).equals(digest(entry.resolve(IMAGE)));
    } catch (IOException e) {
      return false;
    }
  }

  private static String digest(Path file) throws IOException {
    MessageDigest digest = sha256();
    try (InputStream in = new DigestInputStream(Files.newInputStream(file), digest)) {
      in.transferTo(OutputStream.nullOutputStream());
    }
    return HexFormat.of().formatHex(digest.digest());
  }

  /** Copies a tree, and returns the digest of what has been copied. */
  private static String copy(RootTree tree, Sink sink) throws IOException {
    MessageDigest digest = sha256();
    update(digest, String.join(" ", OPTIONS));
    for (Map.Entry<Path, RootTree.Node> each : tree.nodes().entrySet()) {
      Path at = each.getKey();
      update(digest, at.toString());
      switch (each.getValue()) {
        case RootTree.Directory() -> {
          update(digest, "directory");
          sink.directory(at);
        }
        case RootTree.Link(String target) -> {
          update(digest, "link");
          update(digest, target);
          sink.link(at, target);
        }
        case RootTree.Content(String text) -> {
          byte[] bytes = text.getBytes(UTF_8);
          update(digest, "file");
          try (OutputStream out = sink.file(at, false)) {
            out.write(bytes);
          }
          digest.update(sha256().digest(bytes));
        }
        case RootTree.HostFile(Path source, boolean executable) -> {
          update(digest, executable ? "program" : "file");
          MessageDigest content = sha256();
          try (InputStream in =
                  new DigestInputStream(
                      Files.newInputStream(source, LinkOption.NOFOLLOW_LINKS), content);
              OutputStream out = sink.file(at, executable)) {
            in.transferTo(out);
          }
          digest.update(content.digest());
        }
      }
    }
    return HexFormat.of().formatHex(digest.digest());
  }

  private static void update(MessageDigest digest, String text) {
    digest.update(text.getBytes(UTF_8));
    digest.update((byte) 0); // so that no two lists of texts are one
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e); // every Java platform has it
    }
  }

  /** Lets the images that were handed out be removed, by this JVM or another. */
  @Override
  public void close() {
    budget.close();
  }

  /** For the digest alone. */
  private record Nowhere() implements Sink {
    @Override
    public OutputStream file(Path at, boolean executable) {
      return OutputStream.nullOutputStream();
    }

    @Override
    public void directory(Path at) {}

    @Override
    public void link(Path at, String target) {}
  }

  /** A directory that an image is made of. */
  private record Into(Path root) implements Sink {
    private Path place(Path at) throws IOException {
      Path place = root.resolve(TOP.relativize(at)); // its bytes, whatever this JVM's locale
      directories(place.getParent());
      return place;
    }

    @Override
    public OutputStream file(Path at, boolean executable) throws IOException {
      Path place = place(at);
      OutputStream out = Files.newOutputStream(place);
      permit(place, executable ? "rwxr-xr-x" : "rw-r--r--");
      return out;
    }

    @Override
    public void directory(Path at) throws IOException {
      directories(place(at));
    }

    /** With their permissions set apart: this process may have any mask. */
    private void directories(@Nullable Path directory) throws IOException {
      if (directory != null && !Files.isDirectory(directory)) {
        directories(directory.getParent());
        Files.createDirectory(directory);
        permit(directory, "rwxr-xr-x");
      }
    }

    @Override
    public void link(Path at, String target) throws IOException {
      Files.createSymbolicLink(place(at), Path.of(target));
    }

    private static void permit(Path path, String permissions) throws IOException {
      Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(permissions));
    }
  }
}
