package io.cordon.vm.guest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cordon.vm.host.PrivateCache;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GuestKernelsTest {
  @TempDir Path root;

  @Test
  void newestInstalledOneIsFound() throws IOException {
    install("6.1.0-56-cloud-amd64", "lib");
    install("6.12.3-cloud-amd64", "lib");
    install("6.9.100-cloud-amd64", "lib");
    assertThat(GuestKernels.installed(root))
        .contains(
            new GuestKernel(
                "6.12.3-cloud-amd64",
                root.resolve("boot/vmlinuz-6.12.3-cloud-amd64"),
                root.resolve("lib/modules/6.12.3-cloud-amd64")));
  }

  @Test
  void modulesMayBeBelowUsr() throws IOException {
    install("6.12.3", "usr/lib");
    assertThat(GuestKernels.installed(root).map(GuestKernel::modules))
        .contains(root.resolve("usr/lib/modules/6.12.3"));
  }

  @Test
  void imageWithoutModulesIsNoKernel() throws IOException {
    Files.createDirectories(root.resolve("boot"));
    Files.writeString(root.resolve("boot/vmlinuz-6.18"), "");
    assertThat(GuestKernels.installed(root)).isEqualTo(Optional.empty());
  }

  @Test
  void hostWithoutKernelsHasNone() {
    assertThat(GuestKernels.installed(root)).isEmpty();
  }

  @Test
  void nameThatIsAnOptionIsNeverRun() {
    GuestKernels kernels = new GuestKernels(PrivateCache.open(root.resolve("c")), line -> {});
    assertThatThrownBy(() -> kernels.prepare("-oDir=/tmp"))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private void install(String release, String lib) throws IOException {
    Files.createDirectories(root.resolve("boot"));
    Files.writeString(root.resolve("boot/vmlinuz-" + release), "");
    Path modules = Files.createDirectories(root.resolve(lib).resolve("modules").resolve(release));
    Files.writeString(modules.resolve("modules.dep"), "");
  }
}
