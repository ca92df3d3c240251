package io.cordon.vm;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** Runs in a guest, and so has no name by which it would be run on the host. */
final class InsideAsRoot {
  @Test
  void groupsArePureV2WithControllers() throws IOException {
    assertThat(Files.readAllLines(Path.of("/proc/self/cgroup"))).containsExactly("0::/");
    assertThat(Files.readString(Path.of("/sys/fs/cgroup/cgroup.subtree_control")).trim().split(" "))
        .contains("cpu", "io", "memory", "pids");
  }

  @Test
  void scratchSpaceIsWritable() throws IOException {
    assertThat(Files.createTempFile("a", "b")).exists();
  }

  @Test
  void loopbackAnswers() throws IOException {
    try (var server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        var client = new Socket(server.getInetAddress(), server.getLocalPort())) {
      assertThat(client.isConnected()).isTrue();
    }
  }
}
