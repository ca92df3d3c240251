package io.cordon.vm.kvm;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HostModulesTest {

  @Test
  void namesThoseOfKvm(@TempDir Path directory) throws IOException {
    for (String module : List.of("kvm", "kvm_pvm", "kvm_intel", "ext4")) {
      Files.createDirectory(directory.resolve(module));
    }
    assertThat(new HostModules(directory).kvm()).containsExactly("kvm_intel", "kvm_pvm");
  }

  @Test
  void directoryThatIsNotThereHasNone(@TempDir Path directory) {
    assertThat(new HostModules(directory.resolve("none")).kvm()).isEmpty();
  }
}
