package io.cordon.vm.guest;

import static io.cordon.process.kernel.AtFlag.AT_FDCWD;
import static io.cordon.process.kernel.MountFlag.MS_MOVE;
import static io.cordon.process.kernel.MountFlag.MS_NOATIME;
import static io.cordon.process.kernel.MountFlag.MS_NODEV;
import static io.cordon.process.kernel.MountFlag.MS_NOEXEC;
import static io.cordon.process.kernel.MountFlag.MS_NOSUID;
import static io.cordon.process.kernel.MountFlag.MS_RDONLY;
import static io.cordon.process.kernel.OpenFlag.O_CLOEXEC;
import static io.cordon.process.kernel.OpenFlag.O_RDONLY;
import static io.cordon.process.kernel.OpenFlag.O_WRONLY;
import static io.cordon.process.kernel.RebootCommand.LINUX_REBOOT_CMD_POWER_OFF;
import static io.cordon.process.kernel.RebootCommand.LINUX_REBOOT_MAGIC1;
import static io.cordon.process.kernel.RebootCommand.LINUX_REBOOT_MAGIC2;
import static io.cordon.process.plan.Argument.flags;
import static io.cordon.process.plan.Argument.number;
import static io.cordon.process.plan.Argument.octal;
import static io.cordon.process.plan.Argument.text;

import io.cordon.process.kernel.Constant;
import io.cordon.process.plan.Argument;
import io.cordon.process.plan.Argument.Slot;
import io.cordon.process.plan.Block;
import io.cordon.process.plan.PlanBuilder;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.List;

/** The steps by which any guest comes up, and goes down. */
final class GuestBoot {
  /** Places that a root image must have. */
  static final List<String> MOUNT_POINTS = List.of("/dev", "/proc", "/sys", "/tmp", "/run");

  /** Where the initial ram disk has the modules, and a place for the root. */
  static final String MODULES = "/modules";

  static final String NEW_ROOT = "/newroot";
  static final String GROUPS = "/sys/fs/cgroup";

  /** What a guest is called until it is renewed. */
  static final String NAME = "guest";

  private static final String ROOT_DISK = "/dev/vda";
  private static final String SCRATCH_DISK = "vdb";
  private static final String CONTROLLERS = "+cpu +io +memory +pids";

  // Devices appear within milliseconds of their module; far longer means never.
  private static final int PATIENCE = 10_000;
  private static final Duration PAUSE = Duration.ofMillis(1);

  private static final int EXIT_FAILED = 125;
  private static final int SIOCSIFFLAGS = 0x8914; // linux/sockios.h
  private static final int IFF_UP = 1; // linux/if.h
  private static final int AF_INET = 2; // linux/socket.h
  private static final int SOCK_DGRAM = 2; // linux/net.h

  private final PlanBuilder plan;

  GuestBoot(PlanBuilder plan) {
    this.plan = plan;
  }

  void mountKernelFileSystems() {
    plan.layer("kernel");
    mount("devtmpfs", "/dev", "mode=755", MS_NOSUID);
    mount("proc", "/proc", "", MS_NOSUID, MS_NODEV, MS_NOEXEC);
    mount("sysfs", "/sys", "", MS_NOSUID, MS_NODEV, MS_NOEXEC);
  }

  void mount(String type, String at, String options, Constant... flags) {
    plan.call(
        "mount " + type, "mount", text(type), text(at), text(type), flags(flags), text(options));
  }

  void load(KernelModule module) {
    plan.layer("modules");
    Slot file =
        plan.ask(
            "open " + module.name(),
            "openat",
            flags(AT_FDCWD),
            text(MODULES + "/" + module.name()),
            flags(O_RDONLY, O_CLOEXEC),
            number(0));
    plan.call("load " + module.name(), "finit_module", file, text(""), number(0));
    plan.call("close " + module.name(), "close", file);
  }

  /** The port of a machine appears a little after its module, and refuses with ENXIO at first. */
  Slot openPort(int number, Constant mode) {
    String path = "/dev/vport0p" + number;
    return plan.retry(
        PATIENCE,
        PAUSE,
        "open " + path,
        "openat",
        flags(AT_FDCWD),
        text(path),
        flags(mode, O_CLOEXEC),
        number(0));
  }

  void enterRoot() {
    plan.layer("root");
    awaitDisk(ROOT_DISK, "the disk");
    plan.call(
        "mount the root image",
        "mount",
        text(ROOT_DISK),
        text(NEW_ROOT),
        text("erofs"),
        flags(MS_RDONLY, MS_NODEV, MS_NOSUID),
        number(0));
    for (String each : List.of("/dev", "/proc", "/sys")) {
      move(each, NEW_ROOT + each);
    }
    plan.call("go to the new root", "chdir", text(NEW_ROOT));
    move(".", "/");
    plan.call("make it the root", "chroot", text("."));
    plan.call("go to its top", "chdir", text("/"));
  }

  private void awaitDisk(String device, String name) {
    Slot found =
        plan.retry(
            PATIENCE,
            PAUSE,
            "find " + name,
            "openat",
            flags(AT_FDCWD),
            text(device),
            flags(O_RDONLY, O_CLOEXEC),
            number(0));
    plan.call(name + " is there", "close", found);
  }

  /**
   * The disk that is the guest's to write to. What is flushed need not be waited for: nobody reads
   * it after a crash.
   */
  void mountScratchDisk(String at) {
    plan.layer("scratch-disk");
    awaitDisk("/dev/" + SCRATCH_DISK, "the scratch disk");
    makeDirectory(at);
    plan.call(
        "mount the scratch disk",
        "mount",
        text("/dev/" + SCRATCH_DISK),
        text(at),
        text("ext4"),
        flags(MS_NOSUID, MS_NODEV, MS_NOEXEC, MS_NOATIME),
        text("noinit_itable,nobarrier"));
    // Otherwise the kernel would keep 2 % of it, for what it reserves in root's part anyway.
    writeFile("/sys/fs/ext4/" + SCRATCH_DISK + "/reserved_clusters", "0");
  }

  void move(String from, String to) {
    plan.call("move " + from, "mount", text(from), text(to), number(0), flags(MS_MOVE), number(0));
  }

  void mountScratch() {
    plan.layer("scratch");
    mount("tmpfs", "/tmp", "mode=1777", MS_NOSUID, MS_NODEV);
    mount("tmpfs", "/run", "mode=755", MS_NOSUID, MS_NODEV);
    makeDirectory("/dev/shm");
    mount("tmpfs", "/dev/shm", "mode=1777", MS_NOSUID, MS_NODEV, MS_NOEXEC);
    makeDirectory("/dev/pts");
    mount("devpts", "/dev/pts", "mode=620,ptmxmode=666", MS_NOSUID, MS_NOEXEC);
    link("/proc/self/fd", "/dev/fd");
    link("/proc/self/fd/0", "/dev/stdin");
    link("/proc/self/fd/1", "/dev/stdout");
    link("/proc/self/fd/2", "/dev/stderr");
  }

  void makeDirectory(String path) {
    plan.call("make " + path, "mkdirat", flags(AT_FDCWD), text(path), octal(0755));
  }

  void link(String target, String at) {
    plan.call("link " + at, "symlinkat", text(target), flags(AT_FDCWD), text(at));
  }

  void writeFile(String path, String content) {
    Slot file =
        plan.ask(
            "open " + path,
            "openat",
            flags(AT_FDCWD),
            text(path),
            flags(O_WRONLY, O_CLOEXEC),
            number(0));
    plan.call("write " + path, "write", file, text(content), number(content.length()));
    plan.call("close " + path, "close", file);
  }

  /** Pure cgroup v2, with the controllers that there are handed down. */
  void mountGroups() {
    plan.layer("groups");
    mount("cgroup2", GROUPS, "", MS_NOSUID, MS_NODEV, MS_NOEXEC);
    writeFile(GROUPS + "/cgroup.subtree_control", CONTROLLERS);
  }

  /** A name and the loopback interface; a guest has no other. */
  void prepareNetwork() {
    plan.layer("network");
    plan.call("name the guest", "sethostname", text(NAME), number(NAME.length()));
    // struct ifreq, linux/if.h: the name, then the flags
    ByteBuffer request = ByteBuffer.allocate(40).order(ByteOrder.LITTLE_ENDIAN);
    request.put(new byte[] {'l', 'o'}).putShort(16, (short) IFF_UP);
    Slot socket = plan.ask("a socket", "socket", number(AF_INET), number(SOCK_DGRAM), number(0));
    plan.call(
        "loopback up",
        "ioctl",
        socket,
        number(SIOCSIFFLAGS),
        Block.bytes("lo up", request.array()).address());
    plan.call("close the socket", "close", socket);
  }

  void powerOff() {
    plan.attempt("power off", "reboot", POWER_OFF);
    plan.attempt("end", "exit_group", number(EXIT_FAILED));
  }

  private static final Argument[] POWER_OFF = {
    flags(LINUX_REBOOT_MAGIC1), flags(LINUX_REBOOT_MAGIC2), flags(LINUX_REBOOT_CMD_POWER_OFF)
  };
}
