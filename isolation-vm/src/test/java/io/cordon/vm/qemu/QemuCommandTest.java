package io.cordon.vm.qemu;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class QemuCommandTest {

  private static final Hardware HARDWARE =
      new Hardware(
          new Machine(256, 2_600_000, new Accelerator.Tcg(32)),
          List.of(new Port(1, "stream"), new Port(4, "control")),
          List.of(Path.of("/cache/root.erofs"), Path.of("/cache/more.erofs")),
          OptionalLong.of(1 << 20));

  @Test
  void microvmThatBoots() {
    var boot = new QemuCommand.Start.Boot(12, 5);
    assertThat(String.join("\n", command(HARDWARE, boot).arguments()))
        .isEqualTo(
            """
            /usr/bin/qemu-system-x86_64
            -nodefaults
            -no-user-config
            -no-reboot
            -display
            none
            -M
            microvm,acpi=on,pic=off,pit=off,rtc=on,isa-serial=on,memory-backend=memory
            -accel
            tcg,thread=single,tb-size=32
            -cpu
            Nehalem,-spec-ctrl
            -m
            256
            -object
            memory-backend-file,id=memory,size=256M,mem-path=/proc/self/fd/4,share=on
            -chardev
            stdio,id=console,signal=off
            -serial
            chardev:console
            -device
            virtio-serial-device,max_ports=5
            -chardev
            socket,id=port-stream,fd=7
            -device
            virtserialport,chardev=port-stream,name=stream,nr=1
            -chardev
            socket,id=port-control,fd=8
            -device
            virtserialport,chardev=port-control,name=control,nr=4
            -chardev
            socket,id=monitor,fd=6
            -mon
            chardev=monitor,mode=control
            -add-fd
            fd=9,set=0
            -drive
            if=none,id=disk0,format=raw,readonly=on,file=/dev/fdset/0
            -device
            virtio-blk-device,drive=disk0
            -add-fd
            fd=10,set=1
            -drive
            if=none,id=disk1,format=raw,readonly=on,file=/dev/fdset/1
            -device
            virtio-blk-device,drive=disk1
            -add-fd
            fd=11,set=2
            -drive
            if=none,id=disk2,format=raw,auto-read-only=off,cache=unsafe,file=/dev/fdset/2
            -device
            virtio-blk-device,drive=disk2,werror=report,discard=off,write-zeroes=off
            -kernel
            /proc/self/fd/12
            -initrd
            /proc/self/fd/5
            -append
            console=ttyS0 quiet panic=-1 reboot=t rdinit=/init mitigations=off cryptomgr.notests \
            no_timer_check tsc=reliable tsc_early_khz=2600000 lpj=10400000""");
  }

  @Test
  void oneThatGoesOnHasAPrivateViewOfTheMemoryAndWaits() {
    List<String> arguments = command(HARDWARE, new QemuCommand.Start.Resume()).arguments();
    assertThat(arguments)
        .contains("memory-backend-file,id=memory,size=256M,mem-path=/proc/self/fd/4,share=off")
        .endsWith("-S", "-incoming", "defer")
        .doesNotContain("-kernel", "-initrd", "-append");
  }

  @Test
  void nothingIsWrittenToWhereThereIsNoScratchDisk() {
    Hardware hardware = new Hardware(HARDWARE.machine(), HARDWARE.ports(), HARDWARE.disks());
    assertThat(command(hardware, new QemuCommand.Start.Resume()).arguments())
        .filteredOn(argument -> argument.contains("/dev/fdset/"))
        .hasSize(2)
        .allMatch(argument -> argument.contains("readonly=on"));
  }

  @Test
  void processorOfTheHostByKvm() {
    Hardware hardware =
        new Hardware(new Machine(256, 2_600_000, new Accelerator.Kvm()), List.of(), List.of());
    assertThat(command(hardware, new QemuCommand.Start.Resume()).arguments())
        .containsSequence("-accel", "kvm", "-cpu", "host");
    assertThat(command(hardware, new QemuCommand.Start.Boot(11, 5)).arguments().getLast())
        .as("its clock is told by KVM")
        .doesNotContain("tsc", "lpj");
  }

  @Test
  void emulatedProcessorThatHasAKvm() {
    Accelerator nesting = new Accelerator.Tcg(32, Accelerator.Processor.WITH_KVM);
    Hardware hardware = new Hardware(new Machine(256, 2_600_000, nesting), List.of(), List.of());
    assertThat(command(hardware, new QemuCommand.Start.Resume()).arguments())
        .containsSequence("-cpu", "max,la57=off,svm=on");
  }

  private static QemuCommand command(Hardware hardware, QemuCommand.Start start) {
    return new QemuCommand(Path.of("/usr/bin/qemu-system-x86_64"), hardware, start, 4, 6, 7);
  }
}
