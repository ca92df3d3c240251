package io.cordon.vm.qemu;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class QemuCommandTest {

  @Test
  void microvmWithAConsoleTwoPortsADiskAndAMonitor() {
    assertThat(String.join("\n", command("/run/vm-1").arguments()))
        .isEqualTo(
            """
            /usr/bin/qemu-system-x86_64
            -nodefaults
            -no-user-config
            -no-reboot
            -display
            none
            -sandbox
            on,obsolete=deny,elevateprivileges=deny,spawn=deny,resourcecontrol=deny
            -M
            microvm,acpi=on,pic=off,pit=off,rtc=on,isa-serial=on
            -accel
            tcg,thread=single,tb-size=32
            -cpu
            Nehalem,-spec-ctrl
            -m
            256
            -serial
            stdio
            -device
            virtio-serial-device,max_ports=3
            -chardev
            socket,id=stream,path=/run/vm-1/stream
            -device
            virtserialport,chardev=stream,name=stream,nr=1
            -chardev
            socket,id=control,path=/run/vm-1/control
            -device
            virtserialport,chardev=control,name=control,nr=2
            -chardev
            socket,id=monitor,path=/run/vm-1/monitor
            -mon
            chardev=monitor,mode=control
            -drive
            if=none,id=root,format=raw,readonly=on,file=/cache/root.erofs
            -device
            virtio-blk-device,drive=root
            -kernel
            /boot/vmlinuz
            -initrd
            /run/vm-1/initrd
            -append
            console=ttyS0 quiet panic=-1 reboot=t rdinit=/init no_timer_check mitigations=off \
            cryptomgr.notests tsc=reliable tsc_early_khz=2600000 lpj=10400000""");
  }

  @Test
  void commaInAPathEndsNoOption() {
    List<String> arguments = command("/run/a,server=on").arguments();
    assertThat(arguments).contains("socket,id=stream,path=/run/a,,server=on/stream");
  }

  private static QemuCommand command(String directory) {
    return new QemuCommand(
        Path.of("/usr/bin/qemu-system-x86_64"),
        new Machine(256, 32, 2_600_000),
        Path.of("/boot/vmlinuz"),
        Path.of(directory, "initrd"),
        Path.of("/cache/root.erofs"),
        Path.of(directory));
  }
}
