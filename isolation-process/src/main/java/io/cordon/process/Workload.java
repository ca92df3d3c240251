package io.cordon.process;

import static io.cordon.process.kernel.DescriptorFlag.CLOSE_RANGE_CLOEXEC;
import static io.cordon.process.kernel.DescriptorFlag.LAST_DESCRIPTOR;
import static io.cordon.process.kernel.PrctlOption.PR_SET_PDEATHSIG;
import static io.cordon.process.kernel.SeccompOperation.SECCOMP_SET_MODE_FILTER;
import static io.cordon.process.kernel.Signal.SIGKILL;
import static io.cordon.process.kernel.SocketFlag.MSG_NOSIGNAL;
import static io.cordon.process.kernel.SocketFlag.SCM_RIGHTS;
import static io.cordon.process.kernel.SocketFlag.SOL_SOCKET;
import static io.cordon.process.plan.Argument.flags;
import static io.cordon.process.plan.Argument.number;
import static io.cordon.process.plan.Argument.text;
import static io.cordon.process.plan.LaunchPlan.CHANNEL;

import io.cordon.policy.SandboxLimits;
import io.cordon.process.kernel.Resource;
import io.cordon.process.landlock.Access;
import io.cordon.process.landlock.Landlock;
import io.cordon.process.plan.Argument;
import io.cordon.process.plan.Argument.Slot;
import io.cordon.process.plan.Block;
import io.cordon.process.plan.PlanBuilder;
import io.cordon.process.plan.Report;
import io.cordon.process.seccomp.SeccompFilter;
import java.nio.file.Path;
import java.util.List;

/** The steps of the workload, up to its program. */
final class Workload {
  private final PlanBuilder plan;
  private final Host host;
  private final CellView view;
  private final SandboxLimits limits;

  Workload(PlanBuilder plan, Host host, CellView view, SandboxLimits limits) {
    this.plan = plan;
    this.host = host;
    this.view = view;
    this.limits = limits;
  }

  /**
   * Takes its last rights but its program.
   *
   * @param inputs how many descriptors come before those that the program keeps
   * @param workingDirectory the descriptor that the host reads results beneath
   */
  void confine(SeccompFilter filter, int inputs, Slot workingDirectory) {
    plan.layer("init");
    plan.call("die with init", "prctl", flags(PR_SET_PDEATHSIG), flags(SIGKILL));
    plan.call("a session of its own", "setsid");
    if (host.landlockAbi() > 0) {
      plan.layer("landlock");
      landlock().plan(plan);
    }
    sayThatItIsReady(workingDirectory);
    // Nothing more needs descriptors: to send one counts, too (unix(7), ETOOMANYREFS).
    plan.layer("rlimits");
    new ResourceLimits(plan, host).set(Resource.RLIMIT_NOFILE, limits.tuning().filesMax());
    plan.layer("launch");
    if (view.carried().isEmpty()) {
      closeOnExecve("close the rest on execve", CHANNEL, flags(LAST_DESCRIPTOR));
    } else {
      long first = CHANNEL + 1L + inputs;
      closeOnExecve("close what is ours on execve", CHANNEL, number(first - 1));
      closeOnExecve(
          "close the rest on execve", first + view.carried().size(), flags(LAST_DESCRIPTOR));
    }
    plan.layer("seccomp");
    plan.call(
        "only listed system calls",
        "seccomp",
        flags(SECCOMP_SET_MODE_FILTER),
        number(0),
        filter.block().address());
  }

  /**
   * Not only once the program is executing: it may meet its limits, and have all of its cell
   * killed, before init can say another word. The descriptor outlives the cell's processes.
   */
  void sayThatItIsReady(Slot workingDirectory) {
    plan.layer("launch");
    Block rights = // struct cmsghdr, linux/socket.h: length, level, type; then the descriptor
        Block.of("the descriptor")
            .u64(20)
            .u32(SOL_SOCKET.value())
            .u32(SCM_RIGHTS.value())
            .u64(0)
            .build();
    Block report = Block.of("report: ready").u32(Report.READY).build();
    Block vector = // struct iovec, linux/uio.h
        Block.of("vector").pointer(report.address()).u64(report.size()).build();
    Block message = // struct msghdr: no name; one vector; one control message; no flags
        Block.of("report: ready, and the descriptor of " + NewRoot.WORK)
            .u64(0)
            .u64(0)
            .pointer(vector.address())
            .u64(1)
            .pointer(rights.address())
            .u64(rights.size())
            .u64(0)
            .build();
    plan.put32(workingDirectory, rights, 16);
    plan.call(
        "the workload is ready",
        "sendmsg",
        number(CHANNEL),
        message.address(),
        flags(MSG_NOSIGNAL));
  }

  private void closeOnExecve(String name, long first, Argument last) {
    plan.call(name, "close_range", number(first), last, flags(CLOSE_RANGE_CLOEXEC));
  }

  private Landlock landlock() {
    Landlock rules =
        new Landlock(host.landlockAbi())
            .directory("/", Access.READ_FILE, Access.READ_DIR)
            .directory(
                "/dev", Access.READ_FILE, Access.READ_DIR, Access.WRITE_FILE, Access.IOCTL_DEV);
    for (Path scratch : List.of(NewRoot.WORK, NewRoot.TMP)) {
      rules.directory( // neither EXECUTE nor devices
          scratch.toString(),
          Access.READ_FILE,
          Access.READ_DIR,
          Access.WRITE_FILE,
          Access.TRUNCATE,
          Access.MAKE_REG,
          Access.MAKE_DIR,
          Access.MAKE_SYM,
          Access.MAKE_FIFO,
          Access.MAKE_SOCK,
          Access.REMOVE_FILE,
          Access.REMOVE_DIR,
          Access.REFER);
    }
    view.tree()
        .nodes()
        .forEach(
            (at, node) -> {
              if (node instanceof FileTree.Bind bind && bind.executable()) {
                if (bind.directory()) {
                  rules.directory(at.toString(), Access.EXECUTE, Access.READ_FILE, Access.READ_DIR);
                } else {
                  rules.file(at.toString(), Access.EXECUTE, Access.READ_FILE);
                }
              }
            });
    return rules;
  }

  void execute() {
    plan.layer("launch");
    view.execution()
        .ifPresentOrElse(
            this::execute, () -> plan.call("the probe's end", "exit_group", number(0)));
  }

  private void execute(Execution execution) {
    List<String> arguments = execution.arguments();
    String shown =
        String.join(", ", arguments.stream().map(each -> text(each).describe()).toList());
    List<String> names = execution.environment().keySet().stream().sorted().toList();
    List<String> variables =
        names.stream().map(name -> name + "=" + execution.environment().get(name)).toList();
    plan.call(
        "execute " + execution.program(),
        "execve",
        text(execution.program()),
        Block.texts(shown, arguments).address(),
        // Only their names are printed: their values may be secrets.
        Block.texts(String.join(", ", names), variables).address());
  }
}
