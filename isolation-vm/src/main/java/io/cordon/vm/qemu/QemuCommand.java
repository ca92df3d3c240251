package io.cordon.vm.qemu;

import io.cordon.vm.guest.GuestInit;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * How a micro-VM is started by QEMU: its arguments, as data. It has one processor, one read-only
 * disk, two ports and a serial console, and no network. QEMU connects the sockets itself, so the
 * host listens before it starts.
 *
 * @param program QEMU's executable
 * @param machine what the machine is like
 * @param kernel the kernel's image
 * @param initrd the initial ram disk
 * @param root the root image
 * @param sockets the directory of the sockets
 */
public record QemuCommand(
    Path program, Machine machine, Path kernel, Path initrd, Path root, Path sockets) {

  /** The socket of the program's stream, in the directory of the sockets. */
  public static final String STREAM = "stream";

  /** The socket of the first process's reports. */
  public static final String CONTROL = "control";

  /** The socket of the monitor protocol. */
  public static final String MONITOR = "monitor";

  /** All of them. */
  static final List<String> SOCKETS = List.of(STREAM, CONTROL, MONITOR);

  // Of the instruction set that emulation is fastest with. TCG can't do spec-ctrl, and warns of it.
  private static final String EMULATED_CPU = "Nehalem,-spec-ctrl";

  private static final List<String> KERNEL_PARAMETERS =
      List.of(
          "console=ttyS0",
          "quiet",
          "panic=-1", // reboot at once, which -no-reboot makes an exit
          "reboot=t",
          "rdinit=/init",
          "no_timer_check",
          "mitigations=off", // on an emulated processor they only cost time
          "cryptomgr.notests");

  /** The arguments, the program first. */
  public List<String> arguments() {
    List<String> all = new ArrayList<>();
    all.add(program.toString());
    add(all, "-nodefaults", "-no-user-config", "-no-reboot");
    add(all, "-display", "none");
    add(all, "-sandbox", "on,obsolete=deny,elevateprivileges=deny,spawn=deny,resourcecontrol=deny");
    add(all, "-M", "microvm,acpi=on,pic=off,pit=off,rtc=on,isa-serial=on");
    // One thread for one processor: a second one makes the guest half as fast.
    add(all, "-accel", "tcg,thread=single,tb-size=" + machine.translationCacheMiB());
    add(all, "-cpu", EMULATED_CPU);
    add(all, "-m", Integer.toString(machine.memoryMiB()));
    add(all, "-serial", "stdio");
    add(all, "-device", "virtio-serial-device,max_ports=3");
    port(all, STREAM, GuestInit.STREAM_PORT);
    port(all, CONTROL, GuestInit.CONTROL_PORT);
    socket(all, MONITOR);
    add(all, "-mon", "chardev=" + MONITOR + ",mode=control");
    add(all, "-drive", "if=none,id=root,format=raw,readonly=on,file=" + value(root));
    add(all, "-device", "virtio-blk-device,drive=root");
    add(all, "-kernel", kernel.toString());
    add(all, "-initrd", initrd.toString());
    add(all, "-append", kernelCommandLine());
    return List.copyOf(all);
  }

  private String kernelCommandLine() {
    List<String> parameters = new ArrayList<>(KERNEL_PARAMETERS);
    // Without a timer to compare with, the kernel must be told how fast its clock is.
    parameters.add("tsc=reliable");
    parameters.add("tsc_early_khz=" + machine.clockKHz());
    parameters.add("lpj=" + machine.clockKHz() * 4L); // loops per jiffy: a cycle each, at 250 Hz
    return String.join(" ", parameters);
  }

  private void port(List<String> all, String name, int number) {
    socket(all, name);
    add(all, "-device", "virtserialport,chardev=%s,name=%s,nr=%d".formatted(name, name, number));
  }

  private void socket(List<String> all, String name) {
    add(all, "-chardev", "socket,id=%s,path=%s".formatted(name, value(sockets.resolve(name))));
  }

  /** A comma ends a value, unless it is doubled. */
  private static String value(Path path) {
    return path.toString().replace(",", ",,");
  }

  private static void add(List<String> all, String... arguments) {
    all.addAll(List.of(arguments));
  }
}
