package io.cordon.engine.plugin;

import io.cordon.sandbox.ErrorCode;
import io.cordon.sandbox.SandboxException;
import io.cordon.worker.wire.ProtocolException;
import io.cordon.worker.wire.ToWorker;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/** A jar of a plugin, read through one descriptor from its first check to its last byte. */
final class PluginJar implements AutoCloseable {
  private static final int CHUNK = 256 * 1024;

  /** How every jar begins: the local header of its first entry, or the end of an empty one. */
  private static final byte[] ENTRY = {'P', 'K', 3, 4};

  private static final byte[] NO_ENTRY = {'P', 'K', 5, 6};

  private final Path path;
  // Not a channel: an interrupt, which only cancels the opening, would close that.
  private final RandomAccessFile file;
  private final long size;

  private PluginJar(Path path, RandomAccessFile file, long size) {
    this.path = path;
    this.file = file;
    this.size = size;
  }

  /** Sends a message to a worker; a functional interface of its own for its exception. */
  interface Sending {
    /** Returns false if nobody is there to take it. */
    boolean send(ToWorker message) throws ProtocolException;
  }

  /**
   * Opens a jar.
   *
   * @throws SandboxException if it can't be read, or is no jar
   */
  static PluginJar open(Path path) {
    // Before it is opened: that would wait for ever at a FIFO.
    if (!Files.isRegularFile(path)) {
      throw bad(path, Files.exists(path) ? "it is no regular file" : "there is no such file");
    }
    RandomAccessFile file = null;
    try {
      file = new RandomAccessFile(path.toFile(), "r");
      PluginJar jar = new PluginJar(path, file, file.length());
      jar.requireJar();
      return jar;
    } catch (IOException | UnsupportedOperationException e) { // it is in no file of the host
      closeQuietly(file);
      throw bad(path, e.toString());
    } catch (SandboxException e) {
      closeQuietly(file);
      throw e;
    }
  }

  private void requireJar() throws IOException {
    byte[] start = new byte[ENTRY.length];
    if (size >= start.length) {
      file.readFully(start);
    }
    if (!Arrays.equals(start, ENTRY) && !Arrays.equals(start, NO_ENTRY)) {
      throw bad(path, "it is no jar");
    }
  }

  /** How many bytes it has. */
  long size() {
    return size;
  }

  /** Sends it in pieces. Returns false if nobody is there to take it. */
  boolean sendTo(Sending worker) {
    byte[] buffer = new byte[CHUNK];
    try {
      file.seek(0); // it may have been sent to another worker before
      long position = 0;
      while (position < size) {
        int read = file.read(buffer);
        if (read < 0) {
          throw bad(path, "it became shorter while it was read");
        }
        position += read;
        byte[] chunk = Arrays.copyOf(buffer, read);
        if (!worker.send(new ToWorker.PluginJar(name(), chunk, position >= size))) {
          return false;
        }
      }
      return true;
    } catch (IOException e) {
      throw bad(path, e.toString());
    }
  }

  private String name() {
    return String.valueOf(path.getFileName());
  }

  private static SandboxException bad(Path path, String why) {
    return new SandboxException(
        ErrorCode.BAD_PLUGIN, "the plugin's jar %s can't be used: %s".formatted(path, why));
  }

  @Override
  public void close() {
    closeQuietly(file);
  }

  private static void closeQuietly(@org.jspecify.annotations.Nullable RandomAccessFile file) {
    try {
      if (file != null) {
        file.close();
      }
    } catch (IOException e) {
      // It was only read from.
    }
  }
}
