package io.cordon.process.quota;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;

/** A {@code /proc} of plain files, with pages of 4096 bytes. */
final class FakeProc {
  private final Path root;

  FakeProc(Path root) throws IOException {
    this.root = root;
    ByteBuffer auxv = ByteBuffer.allocate(32).order(ByteOrder.nativeOrder());
    auxv.putLong(3).putLong(7).putLong(6).putLong(4096); // AT_PHDR, AT_PAGESZ
    Files.createDirectory(root.resolve("self"));
    Files.write(root.resolve("self/auxv"), auxv.array());
    process(1, 0).write();
  }

  ProcessTable table() {
    return new ProcessTable(root);
  }

  Entry process(long pid, long parent) {
    return new Entry(pid, parent);
  }

  void exit(long pid) {
    Path process = root.resolve(Long.toString(pid));
    try {
      Files.deleteIfExists(process.resolve("smaps_rollup"));
      Files.deleteIfExists(process.resolve("stat"));
      Files.deleteIfExists(process);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** One process; what isn't said of it is nothing. */
  final class Entry {
    private final long pid;
    private final long parent;
    private String name = "sh";
    private char state = 'S';
    private long user;
    private long system;
    private long reapedUser;
    private long reapedSystem;
    private long threads = 1;
    private long started = 1000;
    private long pages;
    private long proportionalKib = -1;

    private Entry(long pid, long parent) {
      this.pid = pid;
      this.parent = parent;
    }

    Entry named(String name) {
      this.name = name;
      return this;
    }

    Entry zombie() {
      this.state = 'Z';
      return this;
    }

    Entry used(long user, long system) {
      this.user = user;
      this.system = system;
      return this;
    }

    Entry reaped(long user, long system) {
      this.reapedUser = user;
      this.reapedSystem = system;
      return this;
    }

    Entry threads(long threads) {
      this.threads = threads;
      return this;
    }

    Entry startedAt(long ticks) {
      this.started = ticks;
      return this;
    }

    Entry resident(long bytes) {
      this.pages = bytes / 4096;
      return this;
    }

    Entry sharing(long proportionalBytes) {
      this.proportionalKib = proportionalBytes / 1024;
      return this;
    }

    void write() {
      try {
        Path process = root.resolve(Long.toString(pid));
        Files.createDirectories(process);
        Files.writeString(
            process.resolve("stat"),
            pid
                + " ("
                + name
                + ") "
                + state
                + " "
                + parent
                + " 1 1 0 -1 4194304 102 0 0 0 "
                + user
                + " "
                + system
                + " "
                + reapedUser
                + " "
                + reapedSystem
                + " 20 0 "
                + threads
                + " 0 "
                + started
                + " 3133440 "
                + pages
                + " 18446744073709551615 1 1 1 0\n");
        if (proportionalKib >= 0) {
          Files.writeString(
              process.resolve("smaps_rollup"),
              "5585c0a00000-7ffd0e1fe000 ---p 00000000 00:00 0          [rollup]\n"
                  + "Rss:              999999 kB\nPss:     "
                  + proportionalKib
                  + " kB\nPss_Dirty:             300 kB\n");
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
