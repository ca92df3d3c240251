package io.cordon.vm.guest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cordon.sandbox.SandboxException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ModuleIndexTest {
  @TempDir Path directory;

  @BeforeEach
  void writeIndex() throws IOException {
    Files.writeString(
        directory.resolve("modules.dep"),
        """
        kernel/drivers/virtio/virtio_mmio.ko: kernel/drivers/virtio/virtio.ko kernel/drivers/virtio/virtio_ring.ko
        kernel/drivers/virtio/virtio.ko: kernel/drivers/virtio/virtio_ring.ko
        kernel/drivers/virtio/virtio_ring.ko:
        kernel/drivers/char/virtio_console.ko.xz: kernel/drivers/virtio/virtio_ring.ko
        kernel/crypto/loop-a.ko: kernel/crypto/loop-b.ko
        kernel/crypto/loop-b.ko: kernel/crypto/loop-a.ko
        """);
    Files.writeString(directory.resolve("modules.builtin"), "kernel/fs/ext4/ext4.ko\n");
  }

  private List<String> order(String... names) throws IOException {
    return ModuleIndex.read(directory).inLoadOrder(List.of(names)).stream()
        .map(KernelModule::name)
        .toList();
  }

  @Test
  void eachComesOnceAndAfterWhatItNeeds() throws IOException {
    assertThat(order("virtio_mmio", "virtio_console"))
        .containsExactly("virtio_ring", "virtio", "virtio_mmio", "virtio_console");
  }

  @Test
  void fileIsFoundWithItsCompression() throws IOException {
    assertThat(ModuleIndex.read(directory).inLoadOrder(List.of("virtio_console")))
        .endsWith(
            new KernelModule(
                "virtio_console", directory.resolve("kernel/drivers/char/virtio_console.ko.xz")));
  }

  @Test
  void builtInOnesNeedNoLoading() throws IOException {
    assertThat(order("ext4")).isEmpty();
  }

  @Test
  void dashesAreUnderscores() throws IOException {
    assertThat(order("loop_a")).containsExactlyInAnyOrder("loop_a", "loop_b");
  }

  @Test
  void missingOneIsRefusedByName() {
    assertThatThrownBy(() -> order("erofs"))
        .isInstanceOf(SandboxException.class)
        .hasMessageContaining("erofs")
        .hasMessageContaining(directory.toString());
  }
}
