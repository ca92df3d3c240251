package io.cordon.process.quota;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * A file of counters. It is opened when it is first read, and held open then: to read it again
 * takes two system calls and no path walk. The kernel writes its text anew whenever it is read from
 * the beginning.
 */
final class CounterFile implements AutoCloseable {
  private static final int LARGEST = 1024; // cpu.stat, the longest of them, has 300 bytes

  private final Path path;
  private final byte[] text = new byte[LARGEST];
  private @Nullable RandomAccessFile file;
  private boolean closed;

  CounterFile(Path path) {
    this.path = path;
  }

  /** The number that is all of the file. */
  synchronized long value() throws IOException {
    int length = read();
    return number(0, length);
  }

  /** The number on the line that begins with a key. */
  synchronized long field(String key) throws IOException {
    return field(key, read());
  }

  /** The numbers on the lines that begin with two keys, both of one moment. */
  synchronized Pair fields(String first, String second) throws IOException {
    int length = read();
    return new Pair(field(first, length), field(second, length));
  }

  record Pair(long first, long second) {}

  private int read() throws IOException {
    if (closed) {
      throw new IOException(path + " is closed");
    }
    if (file == null) {
      file = new RandomAccessFile(path.toFile(), "r");
    } else {
      file.seek(0);
    }
    return file.read(text);
  }

  private long field(String key, int length) throws IOException {
    int at = 0;
    while (at < length) {
      if (startsWith(key, at, length)) {
        return number(at + key.length() + 1, length);
      }
      while (at < length && text[at] != '\n') {
        at++;
      }
      at++;
    }
    throw new IOException(path + " has no line " + key);
  }

  private boolean startsWith(String key, int at, int length) {
    int end = at + key.length();
    if (end >= length || text[end] != ' ') {
      return false;
    }
    for (int i = 0; i < key.length(); i++) {
      if (text[at + i] != key.charAt(i)) {
        return false;
      }
    }
    return true;
  }

  private long number(int from, int length) throws IOException {
    long number = 0;
    int at = from;
    for (; at < length && text[at] >= '0' && text[at] <= '9'; at++) {
      number = number * 10 + (text[at] - '0');
    }
    if (at == from) {
      throw new IOException(path + " has no number where one is due");
    }
    return number;
  }

  @Override
  public synchronized void close() {
    closed = true;
    try {
      if (file != null) {
        file.close();
      }
    } catch (IOException e) {
      // a descriptor that was only read from has nothing to lose
    }
  }
}
