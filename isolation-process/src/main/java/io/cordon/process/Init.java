package io.cordon.process;

import static io.cordon.process.NewRoot.WORK;
import static io.cordon.process.kernel.AtFlag.AT_FDCWD;
import static io.cordon.process.kernel.CloneFlag.CLONE_VFORK;
import static io.cordon.process.kernel.DescriptorFlag.LAST_DESCRIPTOR;
import static io.cordon.process.kernel.OpenFlag.O_CLOEXEC;
import static io.cordon.process.kernel.OpenFlag.O_CREAT;
import static io.cordon.process.kernel.OpenFlag.O_DIRECTORY;
import static io.cordon.process.kernel.OpenFlag.O_EXCL;
import static io.cordon.process.kernel.OpenFlag.O_NOFOLLOW;
import static io.cordon.process.kernel.OpenFlag.O_PATH;
import static io.cordon.process.kernel.OpenFlag.O_WRONLY;
import static io.cordon.process.kernel.PrctlOption.PR_CAPBSET_DROP;
import static io.cordon.process.kernel.PrctlOption.PR_CAP_AMBIENT;
import static io.cordon.process.kernel.PrctlOption.PR_CAP_AMBIENT_CLEAR_ALL;
import static io.cordon.process.kernel.PrctlOption.PR_SET_DUMPABLE;
import static io.cordon.process.kernel.PrctlOption.PR_SET_NAME;
import static io.cordon.process.kernel.PrctlOption.PR_SET_NO_NEW_PRIVS;
import static io.cordon.process.kernel.PrctlOption.PR_SET_PDEATHSIG;
import static io.cordon.process.kernel.PrctlOption.PR_SET_SECUREBITS;
import static io.cordon.process.kernel.SecureBit.SECBIT_KEEP_CAPS_LOCKED;
import static io.cordon.process.kernel.SecureBit.SECBIT_NOROOT;
import static io.cordon.process.kernel.SecureBit.SECBIT_NOROOT_LOCKED;
import static io.cordon.process.kernel.SecureBit.SECBIT_NO_CAP_AMBIENT_RAISE;
import static io.cordon.process.kernel.SecureBit.SECBIT_NO_CAP_AMBIENT_RAISE_LOCKED;
import static io.cordon.process.kernel.SecureBit.SECBIT_NO_SETUID_FIXUP;
import static io.cordon.process.kernel.SecureBit.SECBIT_NO_SETUID_FIXUP_LOCKED;
import static io.cordon.process.kernel.Signal.SIGCHLD;
import static io.cordon.process.kernel.Signal.SIGKILL;
import static io.cordon.process.kernel.WaitFlag.__WALL;
import static io.cordon.process.plan.Argument.flags;
import static io.cordon.process.plan.Argument.number;
import static io.cordon.process.plan.Argument.octal;
import static io.cordon.process.plan.Argument.text;
import static io.cordon.process.plan.LaunchPlan.CHANNEL;

import io.cordon.process.kernel.Resource;
import io.cordon.process.plan.Argument.Slot;
import io.cordon.process.plan.Block;
import io.cordon.process.plan.PlanBuilder;
import io.cordon.process.plan.Report;
import io.cordon.process.plan.Step.Label;
import io.cordon.sandbox.spi.CellSpec;
import org.jspecify.annotations.Nullable;

/** The steps of init, the first process of a cell and the last. */
final class Init {
  private static final Block ALIVE = Block.of("report: alive").u32(Report.ALIVE).build();
  private static final Block EXECUTING =
      Block.of("report: executing").u32(Report.EXECUTING).build();

  // struct __user_cap_header_struct, linux/capability.h: version 3, this process
  private static final Block CAPABILITY_HEADER =
      Block.of("_LINUX_CAPABILITY_VERSION_3").u32(0x20080522).u32(0).build();
  private static final Block NO_CAPABILITIES = Block.zeros("none", 24);

  private static final int RUSAGE_CHILDREN = -1; // linux/resource.h

  private final PlanBuilder plan;
  private final Host host;
  private final CellSpec spec;
  private @Nullable Slot workload;

  Init(PlanBuilder plan, Host host, CellSpec spec) {
    this.plan = plan;
    this.host = host;
    this.spec = spec;
  }

  /**
   * The signal follows a parent that dies from now on; for one that has died, sending fails. The
   * message also tells the host, by the kernel's word, which process this is.
   */
  void dieWithTheHost() {
    plan.layer("init");
    plan.call("die with the host", "prctl", flags(PR_SET_PDEATHSIG), flags(SIGKILL));
    plan.report("is the host alive?", ALIVE);
    plan.call("be known to ps", "prctl", flags(PR_SET_NAME), text("cordon-init"));
  }

  void nameTheHost() {
    plan.layer("uts-namespace");
    plan.call("name the host", "sethostname", text(spec.name()), number(spec.name().length()));
  }

  Slot openWorkingDirectory() {
    plan.layer("init");
    return plan.ask(
        "open " + WORK,
        "openat",
        flags(AT_FDCWD),
        text(WORK.toString()),
        flags(O_PATH, O_DIRECTORY, O_NOFOLLOW, O_CLOEXEC),
        number(0));
  }

  /** Copied in here, so that the cell is charged for them, and disk.max holds. */
  void copyInputs() {
    plan.layer("inputs");
    plan.call("go to " + WORK, "chdir", text(WORK.toString()));
    for (int i = 0; i < spec.inputs().size(); i++) {
      String name = spec.inputs().get(i).name();
      Slot file =
          plan.ask(
              "make input " + name,
              "openat",
              flags(AT_FDCWD),
              text(name),
              flags(O_WRONLY, O_CREAT, O_EXCL, O_NOFOLLOW, O_CLOEXEC),
              octal(0644));
      Label copy = new Label("copy-" + i);
      Label copied = new Label("copied-" + i);
      plan.mark(copy);
      Slot count =
          plan.ask(
              "copy input " + name,
              "sendfile",
              file,
              number(CHANNEL + 1L + i),
              number(0),
              number(1 << 30));
      plan.goIfZero(count, copied);
      plan.go(copy);
      plan.mark(copied);
    }
  }

  void limitResources(CellView view, Placement placement) {
    plan.layer("rlimits");
    ResourceLimits limits = new ResourceLimits(plan, host);
    limits.set(Resource.RLIMIT_CORE, 0);
    limits.set(Resource.RLIMIT_MEMLOCK, 0);
    limits.set(Resource.RLIMIT_MSGQUEUE, 0);
    limits.set(
        Resource.RLIMIT_FSIZE,
        view.execution().map(Execution::fileSizeLimit).orElse(Host.UNLIMITED));
    if (placement.limitsProcesses()) {
      // In the new user namespace this counts the cell's processes alone. One of them is init.
      limits.set(Resource.RLIMIT_NPROC, spec.limits().pidsMax() + 1L);
    }
  }

  void dropCapabilities() {
    plan.layer("capabilities");
    for (int capability = 0; capability <= host.lastCapability(); capability++) {
      plan.call(
          "never again capability " + capability,
          "prctl",
          flags(PR_CAPBSET_DROP),
          number(capability));
    }
    plan.call(
        "no ambient ones",
        "prctl",
        flags(PR_CAP_AMBIENT),
        flags(PR_CAP_AMBIENT_CLEAR_ALL),
        number(0),
        number(0),
        number(0));
    plan.call(
        "none by being root",
        "prctl",
        flags(PR_SET_SECUREBITS),
        flags(
            SECBIT_NOROOT,
            SECBIT_NOROOT_LOCKED,
            SECBIT_NO_SETUID_FIXUP,
            SECBIT_NO_SETUID_FIXUP_LOCKED,
            SECBIT_KEEP_CAPS_LOCKED,
            SECBIT_NO_CAP_AMBIENT_RAISE,
            SECBIT_NO_CAP_AMBIENT_RAISE_LOCKED));
    plan.call("none now", "capset", CAPABILITY_HEADER.address(), NO_CAPABILITIES.address());
    plan.layer("no-new-privileges");
    plan.call(
        "no new privileges",
        "prctl",
        flags(PR_SET_NO_NEW_PRIVS),
        number(1),
        number(0),
        number(0),
        number(0));
  }

  void start(Label confined) {
    plan.layer("init");
    plan.call("plain mask", "umask", octal(022));
    plan.call("a session of its own", "setsid");
    // The workload has the same user: it must not trace init, write its memory, or use its channel.
    plan.call(
        "keep the workload out",
        "prctl",
        flags(PR_SET_DUMPABLE),
        number(0),
        number(0),
        number(0),
        number(0));
    // vfork: init goes on when the workload is executing its program, or has failed to.
    workload = plan.fork("start the workload", flags(CLONE_VFORK, SIGCHLD), confined);
    plan.call("close the streams", "close_range", number(0), number(CHANNEL - 1L), number(0));
    plan.report("the workload is executing", EXECUTING);
    plan.call(
        "close all but the channel",
        "close_range",
        number(CHANNEL + 1L),
        flags(LAST_DESCRIPTOR),
        number(0));
  }

  void reapUntilItEnds() {
    if (workload == null) {
      throw new IllegalStateException("no workload is started");
    }
    Label reap = new Label("reap");
    Label ended = new Label("ended");
    Block report = Report.endedBlock();
    plan.mark(reap);
    Slot dead = plan.ask("wait", "wait4", number(-1), report.address(4), flags(__WALL), number(0));
    plan.goIfEqual(dead, workload, ended);
    plan.go(reap);
    plan.mark(ended);
    plan.call("what it used", "getrusage", number(RUSAGE_CHILDREN), report.address(8));
    plan.report("how it ended", report);
    plan.call("the end of the cell", "exit_group", number(0));
  }
}
