package io.cordon.vm.agent;

import io.cordon.process.kernel.Errno;
import io.cordon.process.plan.LaunchPlan;
import io.cordon.sandbox.spi.FileTooLargeException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.NoSuchFileException;

/** Fetches a file of the cell's working directory. */
final class FileErrand extends Errand<byte[]> {
  private static final int S_IFMT = 0xf000; // linux/stat.h
  private static final int S_IFREG = 0x8000;

  private final String name;
  private final long maxBytes;
  private final ByteArrayOutputStream content = new ByteArrayOutputStream();
  private boolean found;

  FileErrand(LaunchPlan plan, String name, long maxBytes) {
    super(plan);
    this.name = name;
    this.maxBytes = maxBytes;
  }

  @Override
  void take(int kind, ByteBuffer report) throws IOException {
    switch (kind) {
      case Orders.STATUS -> check(report);
      case Orders.CONTENT -> {
        if (report.limit() - 4L > maxBytes - content.size()) {
          throw new FileTooLargeException(name, content.size() + report.limit() - 4L, maxBytes);
        }
        content.writeBytes(rest(report, 4));
      }
      default -> throw new IOException("no report of a file: " + kind);
    }
  }

  /** struct statx, linux/stat.h, from 8 on. */
  private void check(ByteBuffer report) throws IOException {
    if ((report.getShort(8 + 28) & S_IFMT) != S_IFREG) {
      throw new IOException("'" + name + "' is not a regular file");
    }
    int links = report.getInt(8 + 16);
    if (links != 1) {
      throw new IOException("'" + name + "' has " + links + " names: a hard link");
    }
    long size = report.getLong(8 + 40);
    if (size > maxBytes) {
      throw new FileTooLargeException(name, size, maxBytes);
    }
    found = true;
  }

  @Override
  IOException failure(String step, int errno) {
    if (!step.equals("open the file")) {
      return super.failure(step, errno);
    }
    return switch (Errno.nameOf(errno)) {
      case "ENOENT" -> new NoSuchFileException(name);
      case "ELOOP" -> new IOException("'" + name + "' is a symbolic link, not a regular file");
      default -> new IOException("'" + name + "' can't be read: " + Errno.nameOf(errno));
    };
  }

  @Override
  byte[] conclude() throws IOException {
    if (!found) {
      throw new IOException("the guest did not say what '" + name + "' is");
    }
    return content.toByteArray();
  }
}
