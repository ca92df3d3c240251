package io.cordon.vm.image;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/**
 * What tells whether a directory still holds what was read of it. That takes a look at every file's
 * date, tens of milliseconds in a distribution, so an answer serves for a while. Safe for several
 * threads.
 */
final class TreeStamp implements Stamp {
  private static final long SERVES = Duration.ofSeconds(2).toNanos();

  private final Path directory;
  private final LongSupplier nanoTime;
  private final long sum;
  private final AtomicLong seen;

  private TreeStamp(Path directory, LongSupplier nanoTime, long sum, long seen) {
    this.directory = directory;
    this.nanoTime = nanoTime;
    this.sum = sum;
    this.seen = new AtomicLong(seen);
  }

  /** The stamp of a directory as it is now. */
  static TreeStamp of(Path directory, LongSupplier nanoTime) throws IOException {
    long now = nanoTime.getAsLong();
    return new TreeStamp(directory, nanoTime, sum(directory), now);
  }

  @Override
  public boolean holds() {
    long now = nanoTime.getAsLong();
    if (now - seen.get() < SERVES) {
      return true;
    }
    try {
      if (sum(directory) != sum) {
        return false;
      }
    } catch (IOException e) {
      return false;
    }
    seen.set(now);
    return true;
  }

  private static long sum(Path directory) throws IOException {
    Sum sum = new Sum();
    Files.walkFileTree(directory, sum);
    return sum.value;
  }

  /** Adds up in any order: directories list their files in none. */
  private static final class Sum extends SimpleFileVisitor<Path> {
    private static final long ODD = 0x9e3779b97f4a7c15L; // spreads small differences: SplitMix64
    private long value;

    @Override
    public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes) {
      return visitFile(directory, attributes);
    }

    @Override
    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
      long each = file.hashCode();
      each = each * ODD + attributes.size();
      each = each * ODD + attributes.lastModifiedTime().to(TimeUnit.NANOSECONDS);
      each = (each ^ (each >>> 31)) * ODD;
      value += each ^ (each >>> 29);
      return FileVisitResult.CONTINUE;
    }
  }
}
