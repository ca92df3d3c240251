package io.cordon.sandbox.spi;

import java.io.IOException;

/** A file of a cell has more bytes than its reader wants. */
public final class FileTooLargeException extends IOException {
  private static final long serialVersionUID = 1L;

  private final long size;

  /** Creates the exception for a file of this many bytes. */
  public FileTooLargeException(String name, long size, long maxBytes) {
    super("'%s' has %d bytes, over %d".formatted(name, size, maxBytes));
    this.size = size;
  }

  /** How many bytes the file has. */
  public long size() {
    return size;
  }
}
