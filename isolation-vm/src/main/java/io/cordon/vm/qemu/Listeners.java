package io.cordon.vm.qemu;

import io.cordon.sandbox.ErrorCode;
import io.cordon.sandbox.SandboxException;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Sockets in a machine's directory that its process connects to. They listen before it starts, so
 * there is nothing to wait for or to try again.
 */
final class Listeners implements AutoCloseable {
  private static final int LONGEST_PATH = 107; // linux/un.h, without its final zero

  private final Map<String, ServerSocketChannel> byName = new HashMap<>();

  Listeners(Path directory, List<String> names) throws IOException {
    try {
      for (String name : names) {
        Path path = directory.resolve(name);
        if (path.toString().length() > LONGEST_PATH) {
          throw new SandboxException(
              ErrorCode.STRATEGY_UNUSABLE,
              "the path of a socket is longer than %d characters: %s; use a shorter directory"
                  .formatted(LONGEST_PATH, path));
        }
        ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        byName.put(name, server);
        server.bind(UnixDomainSocketAddress.of(path), 1);
      }
    } catch (IOException | RuntimeException e) {
      close();
      throw e;
    }
  }

  /** Waits for the one connection; fails when these are closed meanwhile. */
  SocketChannel accept(String name) throws IOException {
    ServerSocketChannel server = byName.get(name);
    if (server == null) {
      throw new IllegalArgumentException(name);
    }
    return server.accept();
  }

  @Override
  public void close() {
    giveUp();
  }

  /** Nobody will connect any more: who waits for one is told. */
  void giveUp() {
    for (ServerSocketChannel server : byName.values()) {
      try {
        server.close();
      } catch (IOException e) {
        // its file goes with the directory
      }
    }
  }
}
