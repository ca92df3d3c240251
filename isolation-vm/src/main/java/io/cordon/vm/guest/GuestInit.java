package io.cordon.vm.guest;

import static io.cordon.process.kernel.AtFlag.AT_FDCWD;
import static io.cordon.process.kernel.CloneFlag.CLONE_VFORK;
import static io.cordon.process.kernel.MountFlag.MS_MOVE;
import static io.cordon.process.kernel.MountFlag.MS_NODEV;
import static io.cordon.process.kernel.MountFlag.MS_NOEXEC;
import static io.cordon.process.kernel.MountFlag.MS_NOSUID;
import static io.cordon.process.kernel.MountFlag.MS_RDONLY;
import static io.cordon.process.kernel.OpenFlag.O_CLOEXEC;
import static io.cordon.process.kernel.OpenFlag.O_RDONLY;
import static io.cordon.process.kernel.OpenFlag.O_RDWR;
import static io.cordon.process.kernel.OpenFlag.O_WRONLY;
import static io.cordon.process.kernel.RebootCommand.LINUX_REBOOT_CMD_POWER_OFF;
import static io.cordon.process.kernel.RebootCommand.LINUX_REBOOT_MAGIC1;
import static io.cordon.process.kernel.RebootCommand.LINUX_REBOOT_MAGIC2;
import static io.cordon.process.kernel.Signal.SIGCHLD;
import static io.cordon.process.kernel.WaitFlag.__WALL;
import static io.cordon.process.plan.Argument.flags;
import static io.cordon.process.plan.Argument.number;
import static io.cordon.process.plan.Argument.octal;
import static io.cordon.process.plan.Argument.text;

import io.cordon.process.kernel.Constant;
import io.cordon.process.plan.Argument;
import io.cordon.process.plan.Argument.Slot;
import io.cordon.process.plan.Block;
import io.cordon.process.plan.LaunchPlan;
import io.cordon.process.plan.PlanBuilder;
import io.cordon.process.plan.Report;
import io.cordon.process.plan.Step.Label;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.List;

/**
 * Writes the plan of a guest's first process. It loads the modules, opens the two ports, makes the
 * root image the root, starts the program on the stream port, reaps what dies, tells on the control
 * port how the program ended, and powers off.
 *
 * <p>A step that fails is told on the control port too. Before that is open nobody can be told; the
 * process then ends with the step's number as its status, which the kernel prints as it panics.
 */
public final class GuestInit {
  /** What the program reads and writes: {@code virtserialport,nr=1}. */
  public static final int STREAM_PORT = 1;

  /** What the first process reports on, in the messages of {@link Report}. */
  public static final int CONTROL_PORT = 2;

  /** Places that a root image must have. */
  static final List<String> MOUNT_POINTS = List.of("/dev", "/proc", "/sys", "/tmp", "/run");

  /** Where the initial ram disk has the modules, and a place for the root. */
  static final String MODULES = "/modules";

  static final String NEW_ROOT = "/newroot";

  private static final String GROUPS = "/sys/fs/cgroup";
  private static final String PROGRAM_GROUP = GROUPS + "/program";
  private static final String CONTROLLERS = "+cpu +io +memory +pids";
  private static final List<String> DELEGATED =
      List.of("", "/cgroup.procs", "/cgroup.threads", "/cgroup.subtree_control");

  // Devices appear within milliseconds of their module; far longer means never.
  private static final int PATIENCE = 10_000;
  private static final Duration PAUSE = Duration.ofMillis(1);

  private static final int EXIT_FAILED = 125;
  private static final int RUSAGE_CHILDREN = -1; // linux/resource.h
  private static final int SIOCSIFFLAGS = 0x8914; // linux/sockios.h
  private static final int IFF_UP = 1; // linux/if.h
  private static final int AF_INET = 2; // linux/socket.h
  private static final int SOCK_DGRAM = 2; // linux/net.h

  private final PlanBuilder plan = new PlanBuilder();
  private final Block failed = Block.of("report: failed").u32(Report.FAILED).u32(0).u32(0).build();
  private final GuestProgram program;

  private GuestInit(GuestProgram program) {
    this.program = program;
  }

  /**
   * The plan for a program.
   *
   * @param modules the modules, in the order that they are loaded in
   * @param program what to run
   */
  public static LaunchPlan plan(List<KernelModule> modules, GuestProgram program) {
    return new GuestInit(program).write(modules);
  }

  private LaunchPlan write(List<KernelModule> modules) {
    Label child = new Label("program");
    mountKernelFileSystems();
    modules.forEach(this::load);
    plan.layer("ports");
    Slot control = openPort(CONTROL_PORT, O_WRONLY);
    send(control, "init is there", Block.of("report: alive").u32(Report.ALIVE).build());
    Slot stream = openPort(STREAM_PORT, O_RDWR);
    enterRoot();
    mountScratch();
    prepareGroups();
    prepareNetwork();
    Slot pid = start(child);
    plan.call("leave the stream to it", "close", stream);
    send(
        control,
        "the program is executing",
        Block.of("report: executing").u32(Report.EXECUTING).build());
    reapUntilItEnds(pid, control);
    powerOff();

    plan.mark(child);
    execute(stream);

    plan.rescue(failed, 4);
    report(control);
    return plan.build();
  }

  private void mountKernelFileSystems() {
    plan.layer("kernel");
    mount("devtmpfs", "/dev", "mode=755", MS_NOSUID);
    mount("proc", "/proc", "", MS_NOSUID, MS_NODEV, MS_NOEXEC);
    mount("sysfs", "/sys", "", MS_NOSUID, MS_NODEV, MS_NOEXEC);
  }

  private void mount(String type, String at, String options, Constant... flags) {
    plan.call(
        "mount " + type, "mount", text(type), text(at), text(type), flags(flags), text(options));
  }

  private void load(KernelModule module) {
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
  private Slot openPort(int number, Constant mode) {
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

  private void send(Slot control, String name, Block report) {
    plan.call(name, "write", control, report.address(), number(report.size()));
  }

  private void enterRoot() {
    plan.layer("root");
    String disk = "/dev/vda";
    Slot found =
        plan.retry(
            PATIENCE,
            PAUSE,
            "find the disk",
            "openat",
            flags(AT_FDCWD),
            text(disk),
            flags(O_RDONLY, O_CLOEXEC),
            number(0));
    plan.call("the disk is there", "close", found);
    plan.call(
        "mount the root image",
        "mount",
        text(disk),
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

  private void move(String from, String to) {
    plan.call("move " + from, "mount", text(from), text(to), number(0), flags(MS_MOVE), number(0));
  }

  private void mountScratch() {
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

  private void makeDirectory(String path) {
    plan.call("make " + path, "mkdirat", flags(AT_FDCWD), text(path), octal(0755));
  }

  private void link(String target, String at) {
    plan.call("link " + at, "symlinkat", text(target), flags(AT_FDCWD), text(at));
  }

  /** Pure cgroup v2, with the controllers that there are handed down. */
  private void prepareGroups() {
    plan.layer("groups");
    mount("cgroup2", GROUPS, "", MS_NOSUID, MS_NODEV, MS_NOEXEC);
    writeFile(GROUPS + "/cgroup.subtree_control", CONTROLLERS);
    program
        .user()
        .ifPresent(
            user -> {
              makeDirectory(PROGRAM_GROUP);
              for (String file : DELEGATED) {
                plan.call(
                    "delegate " + PROGRAM_GROUP + file,
                    "fchownat",
                    flags(AT_FDCWD),
                    text(PROGRAM_GROUP + file),
                    number(user.uid()),
                    number(user.uid()),
                    number(0));
              }
            });
  }

  private void writeFile(String path, String content) {
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

  /** A name and the loopback interface; a guest has no other. */
  private void prepareNetwork() {
    plan.layer("network");
    plan.call("name the guest", "sethostname", text("guest"), number(5));
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

  private Slot start(Label child) {
    plan.layer("program");
    // vfork: init goes on when the program is executing, or has failed to.
    Slot pid =
        plan.ask(
            "start the program",
            "clone",
            flags(CLONE_VFORK, SIGCHLD),
            number(0),
            number(0),
            number(0),
            number(0));
    plan.goIfZero(pid, child);
    return pid;
  }

  private void reapUntilItEnds(Slot pid, Slot control) {
    Label reap = new Label("reap");
    Label ended = new Label("ended");
    Block report = Report.endedBlock();
    plan.mark(reap);
    Slot dead = plan.ask("wait", "wait4", number(-1), report.address(4), flags(__WALL), number(0));
    plan.goIfEqual(dead, pid, ended);
    plan.go(reap);
    plan.mark(ended);
    plan.call("what it used", "getrusage", number(RUSAGE_CHILDREN), report.address(8));
    send(control, "how it ended", report);
  }

  private void execute(Slot stream) {
    plan.layer("program");
    plan.call("a session of its own", "setsid");
    for (int descriptor = 0; descriptor <= 2; descriptor++) {
      plan.call("stream " + descriptor, "dup3", stream, number(descriptor), number(0));
    }
    plan.call("plain mask", "umask", octal(022));
    program.user().ifPresent(this::become);
    plan.call("go to its directory", "chdir", text(program.directory().toString()));
    Block command = Block.texts("command", program.command());
    Block environment =
        Block.texts(
            "environment",
            program.environment().entrySet().stream()
                .map(each -> each.getKey() + "=" + each.getValue())
                .sorted()
                .toList());
    plan.call(
        "execute it",
        "execve",
        text(program.command().getFirst()),
        command.address(),
        environment.address());
  }

  private void become(GuestProgram.User user) {
    writeFile(PROGRAM_GROUP + "/cgroup.procs", "0");
    Argument id = number(user.uid());
    plan.call("no other groups", "setgroups", number(0), number(0));
    plan.call("its group", "setresgid", id, id, id);
    plan.call("its user", "setresuid", id, id, id);
  }

  private void powerOff() {
    plan.attempt("power off", "reboot", POWER_OFF);
    plan.attempt("end", "exit_group", number(EXIT_FAILED));
  }

  private static final Argument[] POWER_OFF = {
    flags(LINUX_REBOOT_MAGIC1), flags(LINUX_REBOOT_MAGIC2), flags(LINUX_REBOOT_CMD_POWER_OFF)
  };

  private void report(Slot control) {
    Label told = new Label("told");
    Label untold = new Label("untold");
    plan.goIfZero(control, untold);
    Slot written =
        plan.tried(
            "say which step failed", "write", control, failed.address(), number(failed.size()));
    plan.goUnlessFailed(written, told);
    plan.mark(untold);
    plan.attempt("end with the step", "exit_group", failed.word(4));
    plan.mark(told);
    powerOff();
  }
}
