package io.cordon.process.quota;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.FileInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.LongBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * The processes of the host, as {@code /proc} shows them.
 *
 * @param proc where that is mounted
 */
record ProcessTable(Path proc) {
  private static final int LONGEST_STAT = 2048;
  private static final long AT_PAGESZ = 6; // linux/auxvec.h
  private static final long[] NOBODY = {};

  /** Everybody's pid, in no order. */
  long[] pids() {
    String[] names = proc.toFile().list();
    if (names == null) {
      return NOBODY;
    }
    long[] pids = new long[names.length];
    int count = 0;
    for (String name : names) {
      if (isNumber(name)) {
        pids[count++] = Long.parseLong(name);
      }
    }
    return Arrays.copyOf(pids, count);
  }

  private static boolean isNumber(String name) {
    for (int i = 0; i < name.length(); i++) {
      if (name.charAt(i) < '0' || name.charAt(i) > '9') {
        return false;
      }
    }
    return !name.isEmpty() && name.length() < 12;
  }

  /** A process, unless it is gone. */
  Optional<ProcessStat> stat(long pid) {
    return statOf(Long.toString(pid));
  }

  /** This JVM. */
  ProcessStat self() {
    return statOf("self")
        .orElseThrow(() -> new IllegalStateException(proc + "/self/stat can't be read"));
  }

  private Optional<ProcessStat> statOf(String name) {
    byte[] line = new byte[LONGEST_STAT];
    try (FileInputStream in = new FileInputStream(proc + "/" + name + "/stat")) {
      int length = in.read(line); // the kernel gives it in one piece
      return length > 0 ? Optional.of(ProcessStat.parse(line, length)) : Optional.empty();
    } catch (IOException e) {
      return Optional.empty(); // it has exited since it was listed (ENOENT, ESRCH)
    }
  }

  /** Bytes of a page, which is what memory is counted in. */
  long pageSize() {
    try (FileInputStream in = new FileInputStream(proc + "/self/auxv")) {
      LongBuffer pairs =
          ByteBuffer.wrap(in.readAllBytes()).order(ByteOrder.nativeOrder()).asLongBuffer();
      while (pairs.remaining() >= 2) {
        long type = pairs.get();
        long value = pairs.get();
        if (type == AT_PAGESZ) {
          return value;
        }
      }
      throw new IllegalStateException(proc + "/self/auxv tells no page size");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Whether the process with this pid is still the one that started then. */
  boolean alive(long pid, long startTicks) {
    return stat(pid).filter(stat -> stat.startTicks() == startTicks && !stat.dead()).isPresent();
  }

  /**
   * A process's memory in bytes, with what it shares divided among those who share it; nothing if
   * we may not know. Slow: the kernel walks the page tables.
   */
  OptionalLong proportionalMemory(long pid) {
    try (FileInputStream in = new FileInputStream(proc + "/" + pid + "/smaps_rollup")) {
      for (String line : new String(in.readAllBytes(), US_ASCII).split("\n", -1)) {
        if (line.startsWith("Pss:")) {
          String kibibytes = line.substring(4, line.length() - " kB".length()).strip();
          return OptionalLong.of(Long.parseLong(kibibytes) * 1024);
        }
      }
    } catch (IOException e) {
      return OptionalLong.empty();
    }
    return OptionalLong.empty();
  }
}
