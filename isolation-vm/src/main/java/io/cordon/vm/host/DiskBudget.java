package io.cordon.vm.host;

import io.cordon.sandbox.ErrorCode;
import io.cordon.sandbox.SandboxException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;

/**
 * How much a cache may hold: beyond that, what was used least recently is removed, but never what a
 * JVM uses now. Safe for several threads.
 *
 * <p>A user of an entry has a file in it, {@code in-use-…}, that it keeps locked; so a crash leaves
 * nothing in use. The lock is POSIX's, which a process loses on closing <em>any</em> descriptor of
 * the file: users that are of this JVM are told by their name, and never opened.
 */
public final class DiskBudget implements AutoCloseable {
  private static final String IN_USE = "in-use-";
  private static final Duration ABANDONED = Duration.ofDays(1);

  private final PrivateCache cache;
  private final long bytes;
  private final Room room;
  private final String thisJvm;
  private final Map<String, Use> uses = new HashMap<>();
  private final ReentrantLock lock = new ReentrantLock();

  /** How much of the disk a file takes. */
  @FunctionalInterface
  public interface Room {
    /** In bytes. */
    long of(Path file) throws IOException;
  }

  /** A budget of a cache whose files have no holes: see the other constructor. */
  public DiskBudget(PrivateCache cache, long bytes, ProcessHandle self) {
    this(cache, bytes, self, Files::size);
  }

  /**
   * A budget of a cache.
   *
   * @param cache what it is for
   * @param bytes how much the entries may take together
   * @param self this JVM
   * @param room how much each file of an entry takes
   */
  public DiskBudget(PrivateCache cache, long bytes, ProcessHandle self, Room room) {
    this.cache = cache;
    this.bytes = bytes;
    this.room = room;
    this.thisJvm =
        IN_USE
            + self.pid()
            + "-"
            + self.info().startInstant().map(Instant::toEpochMilli).orElse(0L)
            + "-";
  }

  private record Use(Path mark, FileChannel lock) {}

  private record Entry(String key, long bytes, FileTime used) {}

  /**
   * Keeps an entry from being removed, until it is left or this is closed.
   *
   * @return false if it isn't there
   */
  public boolean use(String key) {
    lock.lock();
    try {
      if (uses.containsKey(key)) {
        return true;
      }
      Path mark = cache.entry(key).resolve(thisJvm + Long.toHexString(System.nanoTime()));
      FileChannel channel =
          FileChannel.open(mark, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
      if (channel.tryLock() != null && Files.exists(mark)) {
        uses.put(key, new Use(mark, channel));
        return true;
      }
      channel.close(); // it was removed before it was locked
      return false;
    } catch (NoSuchFileException e) {
      return false;
    } catch (IOException e) {
      throw unusable(key + " can't be kept from being removed", e);
    } finally {
      lock.unlock();
    }
  }

  /** Uses an entry no longer. */
  public void leave(String key) {
    lock.lock();
    try {
      Use use = uses.remove(key);
      if (use != null) {
        leave(use);
      }
    } finally {
      lock.unlock();
    }
  }

  private static void leave(Use use) {
    FileChannel held = use.lock();
    try (held) {
      Files.deleteIfExists(use.mark());
    } catch (IOException e) {
      throw unusable(use.mark() + " can't be removed", e);
    }
  }

  /** Removes what is too much; returns the keys of what has been removed. */
  public List<String> enforce() {
    List<String> removed = new ArrayList<>();
    synchronized (DiskBudget.class) { // the locks are the process's: they keep no two threads apart
      try {
        removeAbandoned();
        List<Entry> entries = new ArrayList<>();
        for (String key : cache.keys()) {
          look(key).ifPresent(entries::add);
        }
        entries.sort(Comparator.comparing(Entry::used));
        long total = entries.stream().mapToLong(Entry::bytes).sum();
        for (Entry entry : entries) {
          if (total > bytes && remove(entry)) {
            total -= entry.bytes();
            removed.add(entry.key());
          }
        }
      } catch (IOException e) {
        throw unusable("its budget can't be enforced", e);
      }
    }
    return removed;
  }

  private Optional<Entry> look(String key) {
    Path entry = cache.entry(key);
    try (Stream<Path> files = Files.walk(entry)) {
      // A mark that comes or goes changes the directory: that is when it was last used.
      FileTime used = Files.getLastModifiedTime(entry, LinkOption.NOFOLLOW_LINKS);
      long size = 0;
      for (Path file : (Iterable<Path>) files::iterator) {
        size += Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS) ? room.of(file) : 0;
      }
      return Optional.of(new Entry(key, size, used));
    } catch (IOException | UncheckedIOException e) {
      return Optional.empty(); // another JVM is just removing it
    }
  }

  private boolean remove(Entry entry) throws IOException {
    Path path = cache.entry(entry.key());
    Path old = path.resolveSibling(".old-" + Long.toHexString(System.nanoTime()) + entry.key());
    try {
      if (isInUse(path)) {
        Files.setLastModifiedTime(path, entry.used());
        return false;
      }
      Files.move(path, old, StandardCopyOption.ATOMIC_MOVE);
    } catch (NoSuchFileException e) {
      return true; // another JVM was faster
    }
    if (isInUse(old)) { // since a moment ago
      Files.move(old, path, StandardCopyOption.ATOMIC_MOVE);
      return false;
    }
    PrivateCache.delete(old);
    return true;
  }

  private boolean isInUse(Path entry) throws IOException {
    try (DirectoryStream<Path> marks = Files.newDirectoryStream(entry, IN_USE + "*")) {
      for (Path mark : marks) {
        if (mark.getFileName().toString().startsWith(thisJvm) || isLocked(mark)) {
          return true;
        }
        Files.deleteIfExists(mark); // of a JVM that died
      }
      return false;
    }
  }

  private static boolean isLocked(Path mark) throws IOException {
    try (FileChannel channel =
        FileChannel.open(mark, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS)) {
      return channel.tryLock() == null;
    } catch (NoSuchFileException e) {
      return false;
    }
  }

  /** What a JVM was making or removing when it died. */
  private void removeAbandoned() throws IOException {
    FileTime limit = FileTime.from(Instant.now().minus(ABANDONED));
    for (Path unfinished : cache.unfinished()) {
      if (Files.getLastModifiedTime(unfinished, LinkOption.NOFOLLOW_LINKS).compareTo(limit) < 0) {
        PrivateCache.delete(unfinished);
      }
    }
  }

  private static SandboxException unusable(String reason, IOException cause) {
    return new SandboxException(
        ErrorCode.CACHE_UNUSABLE, "in a cache, " + reason + ": " + cause, cause);
  }

  /** Uses nothing any longer. */
  @Override
  public void close() {
    lock.lock();
    try {
      List.copyOf(uses.keySet()).forEach(this::leave);
    } finally {
      lock.unlock();
    }
  }
}
