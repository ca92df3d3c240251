package io.cordon.vm.qemu;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * How a micro-VM is started by QEMU: its arguments, as data. It has one processor, read-only disks
 * and perhaps one to write to, ports and a serial console, and no network. Everything that it says
 * or hears goes over descriptors that it is given.
 *
 * @param program QEMU's executable
 * @param hardware what the machine is built of
 * @param start how it begins
 * @param memory the descriptor of the guest's memory
 * @param monitor the descriptor of the monitor's connection
 * @param firstPort the descriptor of the first port's connection; the others' follow, and then
 *     those of the disks' images, the one that is written to last, each with an open file of its
 *     own
 */
public record QemuCommand(
    Path program, Hardware hardware, Start start, int memory, int monitor, int firstPort) {

  /** How a machine begins. */
  public sealed interface Start {

    /**
     * With booting.
     *
     * @param kernel the descriptor of the kernel's image
     * @param initrd the descriptor of the initial ram disk
     */
    record Boot(int kernel, int initrd) implements Start {}

    /** Paused, and with the state of another one, which it waits for. */
    record Resume() implements Start {}
  }

  private static final List<String> KERNEL_PARAMETERS =
      List.of(
          "console=ttyS0",
          "quiet",
          "panic=-1", // reboot at once, which -no-reboot makes an exit
          "reboot=t",
          "rdinit=/init",
          "mitigations=off", // on an emulated processor they only cost time
          "cryptomgr.notests");

  /** The arguments, the program first. */
  public List<String> arguments() {
    List<String> all = new ArrayList<>();
    all.add(program.toString());
    add(all, "-nodefaults", "-no-user-config", "-no-reboot");
    add(all, "-display", "none");
    add(all, "-M", "microvm,acpi=on,pic=off,pit=off,rtc=on,isa-serial=on,memory-backend=memory");
    processor(all);
    add(all, "-m", Integer.toString(hardware.machine().memoryMiB()));
    // A machine that boots writes its memory to the file. One that goes on has a private view of
    // it, of which the kernel copies each page that is written to.
    boolean boots = start instanceof Start.Boot;
    add(
        all,
        "-object",
        "memory-backend-file,id=memory,size=%dM,mem-path=/proc/self/fd/%d,share=%s"
            .formatted(hardware.machine().memoryMiB(), memory, boots ? "on" : "off"));
    add(all, "-chardev", "stdio,id=console,signal=off", "-serial", "chardev:console");
    ports(all);
    connection(all, "monitor", monitor);
    add(all, "-mon", "chardev=monitor,mode=control");
    int disks = hardware.disks().size();
    for (int i = 0; i < disks; i++) {
      disk(all, i, "readonly=on", "");
    }
    if (hardware.scratchBytes().isPresent()) {
      // It is opened for writing at once, as the descriptor is. What the guest flushes need not
      // reach the host's disk: nobody reads this after a crash. If that is full, the guest is told
      // so, and not stopped. QEMU's cell has no fallocate(2) for it to discard or zero anything by.
      disk(
          all,
          disks,
          "auto-read-only=off,cache=unsafe",
          ",werror=report,discard=off,write-zeroes=off");
    }
    switch (start) {
      case Start.Boot(int kernel, int initrd) -> {
        add(all, "-kernel", "/proc/self/fd/" + kernel);
        add(all, "-initrd", "/proc/self/fd/" + initrd);
        add(all, "-append", kernelCommandLine());
      }
      case Start.Resume() -> add(all, "-S", "-incoming", "defer");
    }
    return List.copyOf(all);
  }

  private void disk(List<String> all, int number, String image, String device) {
    int descriptor = firstPort + hardware.ports().size() + number;
    add(all, "-add-fd", "fd=%d,set=%d".formatted(descriptor, number));
    add(
        all,
        "-drive",
        "if=none,id=disk%d,format=raw,%s,file=/dev/fdset/%d".formatted(number, image, number));
    add(all, "-device", "virtio-blk-device,drive=disk" + number + device);
  }

  private void processor(List<String> all) {
    switch (hardware.machine().accelerator()) {
      case Accelerator.Tcg(int cacheMiB, Accelerator.Processor processor) -> {
        // One thread for one processor: a second one makes the guest half as fast.
        add(all, "-accel", "tcg,thread=single,tb-size=" + cacheMiB);
        add(all, "-cpu", processor.model());
      }
      case Accelerator.Kvm() -> add(all, "-accel", "kvm", "-cpu", "host");
    }
  }

  private void ports(List<String> all) {
    int highest = hardware.ports().stream().mapToInt(Port::number).max().orElse(0);
    add(all, "-device", "virtio-serial-device,max_ports=" + (highest + 1));
    for (int i = 0; i < hardware.ports().size(); i++) {
      Port port = hardware.ports().get(i);
      String name = port.name();
      connection(all, "port-" + name, firstPort + i);
      add(
          all,
          "-device",
          "virtserialport,chardev=port-%s,name=%s,nr=%d".formatted(name, name, port.number()));
    }
  }

  private String kernelCommandLine() {
    List<String> parameters = new ArrayList<>(KERNEL_PARAMETERS);
    switch (hardware.machine().accelerator()) {
      case Accelerator.Tcg emulated -> {
        int clock = hardware.machine().clockKHz();
        // Without a timer to compare with, the kernel must be told how fast its clock is.
        parameters.add("no_timer_check");
        parameters.add("tsc=reliable");
        parameters.add("tsc_early_khz=" + clock);
        parameters.add("lpj=" + clock * 4L); // loops per jiffy: a cycle each, at 250 Hz
      }
      case Accelerator.Kvm virtual -> {} // KVM tells it, by kvm-clock: what we know is coarser
    }
    return String.join(" ", parameters);
  }

  private static void connection(List<String> all, String name, int descriptor) {
    add(all, "-chardev", "socket,id=%s,fd=%d".formatted(name, descriptor));
  }

  private static void add(List<String> all, String... arguments) {
    all.addAll(List.of(arguments));
  }
}
