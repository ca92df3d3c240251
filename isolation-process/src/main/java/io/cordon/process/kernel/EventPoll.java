package io.cordon.process.kernel;

import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.function.LongConsumer;

/**
 * Waits for the events of many files of the kernel with one thread, as epoll(7) does. A file is
 * forgotten when its descriptor is closed. Safe for use by several threads.
 */
public final class EventPoll implements AutoCloseable {
  // linux/eventpoll.h
  private static final int EPOLL_CTL_ADD = 1;
  private static final int EPOLLIN = 0x001;
  private static final int EPOLLPRI = 0x002;
  private static final int EPOLLET = 1 << 31;
  private static final int MOST_AT_ONCE = 64;
  private static final long CLOSING = -1;

  private final Kernel kernel;
  private final Descriptor poll;
  private final Descriptor readEnd;
  private final Descriptor writeEnd;
  private final int dataOffset;
  private final int eventSize;

  EventPoll(Kernel kernel, Descriptor poll, boolean packed) {
    this.kernel = kernel;
    this.poll = poll;
    this.dataOffset = packed ? 4 : 8; // struct epoll_event is packed on x86-64 alone
    this.eventSize = dataOffset + Long.BYTES;
    Descriptor[] pipe = kernel.pipe();
    this.readEnd = pipe[0];
    this.writeEnd = pipe[1];
    control(readEnd, EPOLLIN, CLOSING);
  }

  /**
   * Waits for this file, too: for each time that the kernel says it has changed.
   *
   * @param token what {@link #await} tells then; not negative
   */
  public void add(Descriptor file, long token) {
    control(file, EPOLLPRI | EPOLLET, token);
  }

  private void control(Descriptor file, int events, long token) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment event = arena.allocate(eventSize, 8);
      event.set(JAVA_INT_UNALIGNED, 0, events);
      event.set(JAVA_LONG_UNALIGNED, dataOffset, token);
      kernel.pollControl(poll, EPOLL_CTL_ADD, file, event);
    }
  }

  /** Waits until something has changed, and tells each token. Returns false once it is closed. */
  public boolean await(LongConsumer changed) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment events = arena.allocate((long) MOST_AT_ONCE * eventSize, 8);
      int count = kernel.pollWait(poll, events, MOST_AT_ONCE);
      boolean open = true;
      for (int i = 0; i < count; i++) {
        long token = events.get(JAVA_LONG_UNALIGNED, (long) i * eventSize + dataOffset);
        if (token == CLOSING) {
          open = false;
        } else {
          changed.accept(token);
        }
      }
      return open;
    }
  }

  /** Has {@link #await} return; whoever waits then calls {@link #release}. */
  @Override
  public void close() {
    writeEnd.close();
  }

  /** Nobody waits any more. */
  public void release() {
    readEnd.close();
    poll.close();
  }
}
