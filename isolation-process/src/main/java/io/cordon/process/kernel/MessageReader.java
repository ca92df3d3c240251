package io.cordon.process.kernel;

import static io.cordon.process.kernel.SocketFlag.MSG_CMSG_CLOEXEC;
import static io.cordon.process.kernel.SocketFlag.SCM_CREDENTIALS;
import static io.cordon.process.kernel.SocketFlag.SCM_RIGHTS;
import static io.cordon.process.kernel.SocketFlag.SOL_SOCKET;
import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Reads the messages of a {@linkplain Kernel#messageSocket() message socket}, each with its
 * sender's pid and the descriptors that it carries. For one thread.
 */
public final class MessageReader implements AutoCloseable {
  // Control data: one credentials record, and one descriptor or a few that are not wanted.
  private static final int CONTROL_SIZE = 128;
  private static final int CMSG_HEADER = 16; // struct cmsghdr: size_t len; int level, type

  private final Kernel kernel;
  private final Descriptor socket;
  private final Arena arena = Arena.ofConfined();
  private final MemorySegment data;
  private final MemorySegment control;
  private final MemorySegment header;

  /** Creates a reader of messages of no more than so many bytes; the rest of a message is lost. */
  public MessageReader(Kernel kernel, Descriptor socket, int maxBytes) {
    this.kernel = kernel;
    this.socket = socket;
    this.data = arena.allocate(maxBytes, 8);
    this.control = arena.allocate(CONTROL_SIZE, 8);
    this.header = arena.allocate(56, 8); // struct msghdr, linux/socket.h
    MemorySegment vector = arena.allocate(16, 8); // struct iovec
    vector.set(ADDRESS, 0, data);
    vector.set(JAVA_LONG, 8, data.byteSize());
    header.set(ADDRESS, 16, vector);
    header.set(JAVA_LONG, 24, 1);
    header.set(ADDRESS, 32, control);
  }

  /** The next message; empty when every sender is gone. */
  public Optional<Message> read() {
    header.set(JAVA_LONG, 40, CONTROL_SIZE);
    long count = kernel.receive(socket, header, MSG_CMSG_CLOEXEC.value());
    if (count == 0) {
      return Optional.empty(); // nobody sends an empty message
    }
    byte[] bytes = new byte[(int) count];
    MemorySegment.copy(data, JAVA_BYTE, 0, bytes, 0, bytes.length);
    int sender = 0;
    List<Descriptor> descriptors = new ArrayList<>();
    long end = header.get(JAVA_LONG, 40);
    for (long at = 0; at + CMSG_HEADER <= end; ) {
      long length = control.get(JAVA_LONG, at);
      int level = control.get(JAVA_INT, at + 8);
      int type = control.get(JAVA_INT, at + 12);
      if (level == SOL_SOCKET.value() && type == SCM_CREDENTIALS.value()) {
        sender = control.get(JAVA_INT, at + CMSG_HEADER);
      } else if (level == SOL_SOCKET.value() && type == SCM_RIGHTS.value()) {
        for (long fd = at + CMSG_HEADER; fd + 4 <= at + length; fd += 4) {
          descriptors.add(new Descriptor(kernel, control.get(JAVA_INT, fd)));
        }
      }
      at += Math.max(length + 7 & ~7L, CMSG_HEADER);
    }
    ByteBuffer content = ByteBuffer.wrap(bytes).order(ByteOrder.nativeOrder());
    return Optional.of(new Message(sender, content, descriptors));
  }

  @Override
  public void close() {
    arena.close();
  }

  /**
   * A message.
   *
   * @param sender the pid of the process that sent it, as this JVM sees it: the kernel's word
   * @param data what it says
   * @param descriptors what it carries; the receiver's to close
   */
  public record Message(int sender, ByteBuffer data, List<Descriptor> descriptors) {

    public Message {
      descriptors = List.copyOf(descriptors);
    }
  }
}
