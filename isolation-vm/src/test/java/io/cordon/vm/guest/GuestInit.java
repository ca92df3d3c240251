package io.cordon.vm.guest;

import static io.cordon.process.kernel.AtFlag.AT_FDCWD;
import static io.cordon.process.kernel.CloneFlag.CLONE_VFORK;
import static io.cordon.process.kernel.OpenFlag.O_RDWR;
import static io.cordon.process.kernel.OpenFlag.O_WRONLY;
import static io.cordon.process.kernel.Signal.SIGCHLD;
import static io.cordon.process.kernel.WaitFlag.__WALL;
import static io.cordon.process.plan.Argument.flags;
import static io.cordon.process.plan.Argument.number;
import static io.cordon.process.plan.Argument.octal;
import static io.cordon.process.plan.Argument.text;

import io.cordon.process.plan.Architecture;
import io.cordon.process.plan.Argument;
import io.cordon.process.plan.Argument.Slot;
import io.cordon.process.plan.Block;
import io.cordon.process.plan.LaunchPlan;
import io.cordon.process.plan.PlanBuilder;
import io.cordon.process.plan.Report;
import io.cordon.process.plan.Step.Label;
import java.io.IOException;
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

  private static final String PROGRAM_GROUP = GuestBoot.GROUPS + "/program";
  private static final List<String> DELEGATED =
      List.of("", "/cgroup.procs", "/cgroup.threads", "/cgroup.subtree_control");

  private static final int RUSAGE_CHILDREN = -1; // linux/resource.h

  private final PlanBuilder plan = new PlanBuilder();
  private final GuestBoot boot = new GuestBoot(plan);
  private final Block failed = Block.of("report: failed").u32(Report.FAILED).u32(0).u32(0).build();
  private final GuestProgram program;

  private GuestInit(GuestProgram program) {
    this.program = program;
  }

  /** A guest that runs one program of its root image, and ends with it. */
  public static Guest guest(
      GuestKernel kernel, Architecture architecture, RootImage root, GuestProgram program)
      throws IOException {
    return Guest.of(
        kernel, architecture, root, program.modules(), modules -> plan(modules, program));
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
    boot.mountKernelFileSystems();
    modules.forEach(boot::load);
    plan.layer("ports");
    Slot control = boot.openPort(CONTROL_PORT, O_WRONLY);
    send(control, "init is there", Block.of("report: alive").u32(Report.ALIVE).build());
    Slot stream = boot.openPort(STREAM_PORT, O_RDWR);
    boot.enterRoot();
    boot.mountScratch();
    prepareGroups();
    boot.prepareNetwork();
    Slot pid = start(child);
    plan.call("leave the stream to it", "close", stream);
    send(
        control,
        "the program is executing",
        Block.of("report: executing").u32(Report.EXECUTING).build());
    reapUntilItEnds(pid, control);
    boot.powerOff();

    plan.mark(child);
    execute(stream);

    plan.rescue(failed, 4);
    report(control);
    return plan.build();
  }

  private void send(Slot control, String name, Block report) {
    plan.call(name, "write", control, report.address(), number(report.size()));
  }

  private void prepareGroups() {
    boot.mountGroups();
    program
        .user()
        .ifPresent(
            user -> {
              boot.makeDirectory(PROGRAM_GROUP);
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

  private Slot start(Label child) {
    plan.layer("program");
    // vfork: init goes on when the program is executing, or has failed to.
    return plan.fork("start the program", flags(CLONE_VFORK, SIGCHLD), child);
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
    boot.writeFile(PROGRAM_GROUP + "/cgroup.procs", "0");
    Argument id = number(user.uid());
    plan.call("no other groups", "setgroups", number(0), number(0));
    plan.call("its group", "setresgid", id, id, id);
    plan.call("its user", "setresuid", id, id, id);
  }

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
    boot.powerOff();
  }
}
