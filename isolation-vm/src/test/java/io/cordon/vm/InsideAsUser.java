package io.cordon.vm;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** Runs in a guest, and so has no name by which it would be run on the host. */
final class InsideAsUser {
  @Test
  void isNotRoot() throws IOException {
    assertThat(Files.getAttribute(Path.of("/proc/self"), "unix:uid")).isEqualTo(1000);
  }

  @Test
  void mayMakeGroupsBelowItsOwn() throws IOException {
    assertThat(Files.readAllLines(Path.of("/proc/self/cgroup"))).containsExactly("0::/program");
    Path own = Path.of("/sys/fs/cgroup/program");
    Path leaf = Files.createDirectory(own.resolve("leaf"));
    Files.writeString(leaf.resolve("cgroup.procs"), "0");
    Files.writeString(own.resolve("cgroup.subtree_control"), "+memory +pids");
    assertThat(leaf.resolve("memory.max")).exists();
  }
}
