package io.cordon.process.plan;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * What a running plan tells the host: one message each, on {@link LaunchPlan#CHANNEL}. A message
 * begins with its kind; everything is little-endian. The workload never holds that descriptor; the
 * host reads it with suspicion all the same.
 */
public sealed interface Report {
  /** The longest message. */
  int MAX_BYTES = 160;

  int FAILED = 1;
  int ALIVE = 2;
  int EXECUTING = 3;
  int ENDED = 4;
  int REBORN = 5;
  int READY = 6;

  /** A step failed; the launch is over. */
  record Failed(int step, int errno) implements Report {}

  /** The launcher has a child that goes on in its place; the kernel says what its pid is. */
  record Reborn() implements Report {}

  /** Init is there, and dies with its parent; the kernel says what its pid is. */
  record Alive() implements Report {}

  /**
   * The workload executes its program next; carries the working directory's descriptor. From here
   * on whoever dies without a word may have been the program.
   */
  record Ready() implements Report {}

  /** The workload is executing its program, or has failed to. */
  record Executing() implements Report {}

  /**
   * The workload has ended.
   *
   * @param waitStatus as its parent got it from the kernel
   * @param userNanos processor time of it and all its reaped descendants, in user mode
   * @param systemNanos the same in the kernel
   * @param maxResidentBytes the most memory that one of them had resident
   */
  record Ended(int waitStatus, long userNanos, long systemNanos, long maxResidentBytes)
      implements Report {}

  /** Reads a message; empty for what is none. */
  static Optional<Report> read(ByteBuffer message) {
    try {
      return switch (message.getInt(0)) {
        case FAILED -> Optional.of(new Failed(message.getInt(4), message.getInt(8)));
        case REBORN -> Optional.of(new Reborn());
        case ALIVE -> Optional.of(new Alive());
        case READY -> Optional.of(new Ready());
        case EXECUTING -> Optional.of(new Executing());
        case ENDED ->
            // struct rusage, linux/resource.h: two timevals, then ru_maxrss in KiB
            Optional.of(
                new Ended(
                    message.getInt(4),
                    nanos(message.getLong(8), message.getLong(16)),
                    nanos(message.getLong(24), message.getLong(32)),
                    message.getLong(40) * 1024));
        default -> Optional.empty();
      };
    } catch (BufferUnderflowException | IndexOutOfBoundsException e) {
      return Optional.empty();
    }
  }

  private static long nanos(long seconds, long micros) {
    return seconds * 1_000_000_000 + micros * 1_000;
  }

  /** Room for {@link Ended}: the kind, the wait status, and a struct rusage. */
  static Block endedBlock() {
    Block.Writer writer = Block.of("report: ended").u32(ENDED).u32(0);
    for (int i = 0; i < 18; i++) {
      writer.u64(0);
    }
    return writer.build();
  }
}
