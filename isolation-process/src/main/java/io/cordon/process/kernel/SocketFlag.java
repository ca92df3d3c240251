package io.cordon.process.kernel;

/** Sockets and their messages: {@code linux/socket.h}, {@code linux/net.h}. */
public enum SocketFlag implements Constant {
  AF_UNIX(1),
  AF_INET(2),
  AF_INET6(10),
  SOCK_STREAM(1),
  SOCK_DGRAM(2),
  SOCK_SEQPACKET(5),
  SOCK_CLOEXEC(0x80000),
  SOL_SOCKET(1),
  /** Messages carry the sender's pid, as the receiver sees it. */
  SO_PASSCRED(16),
  SHUT_WR(1),
  SHUT_RDWR(2),
  SCM_RIGHTS(1),
  SCM_CREDENTIALS(2),
  MSG_NOSIGNAL(0x4000),
  MSG_CMSG_CLOEXEC(0x40000000);

  private final long value;

  SocketFlag(long value) {
    this.value = value;
  }

  @Override
  public long value() {
    return value;
  }
}
