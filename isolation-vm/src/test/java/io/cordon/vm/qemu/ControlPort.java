package io.cordon.vm.qemu;

import io.cordon.process.plan.Report;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Optional;

/** Reads the reports of a guest's first process from a stream of bytes. For one thread. */
final class ControlPort {
  private final InputStream in;

  ControlPort(InputStream in) {
    this.in = in;
  }

  /**
   * The next report; empty if there are no more.
   *
   * @throws IOException if what comes is none
   */
  Optional<Report> next() throws IOException {
    byte[] message = new byte[Report.MAX_BYTES];
    int kind = in.readNBytes(message, 0, Integer.BYTES);
    if (kind == 0) {
      return Optional.empty();
    }
    if (kind < Integer.BYTES) {
      throw new EOFException("a report that ends early");
    }
    ByteBuffer report = ByteBuffer.wrap(message).order(ByteOrder.LITTLE_ENDIAN);
    int rest = length(report.getInt(0)) - Integer.BYTES;
    if (in.readNBytes(message, Integer.BYTES, rest) < rest) {
      throw new EOFException("a report that ends early");
    }
    return Report.read(report);
  }

  private static int length(int kind) throws IOException {
    return switch (kind) {
      case Report.ALIVE, Report.EXECUTING -> Integer.BYTES;
      case Report.FAILED -> 3 * Integer.BYTES;
      case Report.ENDED -> Report.endedBlock().size();
      default -> throw new IOException("a report of the unknown kind " + kind);
    };
  }
}
