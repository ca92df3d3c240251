package io.cordon.vm.qemu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cordon.sandbox.SandboxException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class MachineTest {

  @Test
  void clockIsTheHosts() {
    assertThat(Machine.clock("vendor_id\t: x\ncpu MHz\t\t: 2596.140\ncache size\t: 1 KB\n"))
        .isEqualTo(2_596_140);
  }

  @Test
  void clockOfAHostThatDoesNotSayIsGuessed() {
    assertThat(Machine.clock("processor\t: 0\n")).isEqualTo(2_500_000);
  }

  @Test
  void tooLittleMemoryIsRefused() {
    assertThatThrownBy(() -> new Machine(64, 1, new Accelerator.Kvm()))
        .hasMessageContaining("at least 96");
  }

  @Test
  void versionOfQemuIsRead() {
    Path program = Path.of("/usr/bin/qemu-system-x86_64");
    assertThat(Qemu.of(program, "QEMU emulator version 7.2.22 (Debian 1:7.2+dfsg-7)\nCopyright"))
        .isEqualTo(new Qemu(program, 7, 2));
    assertThatThrownBy(() -> Qemu.of(program, "QEMU emulator version 5.2.0"))
        .isInstanceOf(SandboxException.class)
        .hasMessageContaining("5.2")
        .hasMessageContaining("at least 6.0");
    assertThatThrownBy(() -> Qemu.of(program, "some other program 1.0"))
        .isInstanceOf(SandboxException.class);
  }
}
