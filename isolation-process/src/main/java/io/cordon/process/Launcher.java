package io.cordon.process;

import static io.cordon.process.CellPlanner.CELL_ID;
import static io.cordon.process.kernel.AtFlag.AT_FDCWD;
import static io.cordon.process.kernel.CloneFlag.CLONE_INTO_CGROUP;
import static io.cordon.process.kernel.CloneFlag.CLONE_NEWCGROUP;
import static io.cordon.process.kernel.CloneFlag.CLONE_NEWIPC;
import static io.cordon.process.kernel.CloneFlag.CLONE_NEWNET;
import static io.cordon.process.kernel.CloneFlag.CLONE_NEWNS;
import static io.cordon.process.kernel.CloneFlag.CLONE_NEWPID;
import static io.cordon.process.kernel.CloneFlag.CLONE_NEWTIME;
import static io.cordon.process.kernel.CloneFlag.CLONE_NEWUSER;
import static io.cordon.process.kernel.CloneFlag.CLONE_NEWUTS;
import static io.cordon.process.kernel.CloneFlag.CLONE_PARENT;
import static io.cordon.process.kernel.DescriptorFlag.LAST_DESCRIPTOR;
import static io.cordon.process.kernel.MountFlag.MS_PRIVATE;
import static io.cordon.process.kernel.MountFlag.MS_REC;
import static io.cordon.process.kernel.OpenFlag.O_CLOEXEC;
import static io.cordon.process.kernel.OpenFlag.O_DIRECTORY;
import static io.cordon.process.kernel.OpenFlag.O_PATH;
import static io.cordon.process.kernel.OpenFlag.O_WRONLY;
import static io.cordon.process.kernel.PrctlOption.PR_SET_DUMPABLE;
import static io.cordon.process.kernel.Signal.SIGCHLD;
import static io.cordon.process.plan.Argument.flags;
import static io.cordon.process.plan.Argument.number;
import static io.cordon.process.plan.Argument.text;

import io.cordon.process.kernel.CloneFlag;
import io.cordon.process.kernel.Constant;
import io.cordon.process.plan.Argument.Slot;
import io.cordon.process.plan.Block;
import io.cordon.process.plan.LaunchPlan;
import io.cordon.process.plan.PlanBuilder;
import io.cordon.process.plan.Report;
import io.cordon.process.plan.Step.Label;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The steps of the launcher: from a child of this JVM to the first process in its namespaces. */
final class Launcher {
  /** The namespaces that every kernel has on which anything here works. */
  static final List<CloneFlag> NAMESPACES =
      List.of(
          CLONE_NEWUSER,
          CLONE_NEWNS,
          CLONE_NEWPID,
          CLONE_NEWNET,
          CLONE_NEWIPC,
          CLONE_NEWUTS,
          CLONE_NEWCGROUP);

  private final PlanBuilder plan;
  private final Host host;
  private final Placement placement;

  Launcher(PlanBuilder plan, Host host, Placement placement) {
    this.plan = plan;
    this.host = host;
    this.placement = placement;
  }

  /** Native code in this JVM may have opened files without O_CLOEXEC. */
  void closeInherited(int given) {
    plan.layer("launch");
    plan.call(
        "close inherited descriptors",
        "close_range",
        number(LaunchPlan.CHANNEL + 1L + given),
        flags(LAST_DESCRIPTOR),
        number(0));
  }

  /** First of all, so that everything else is counted. */
  void joinQuota() {
    plan.layer("quota");
    placement.birthGroup().ifPresentOrElse(this::beBornInQuota, this::moveToQuota);
  }

  /**
   * With version 2, to move a process waits for an RCU grace period, and to be born in a group does
   * not. Whoever forbids clone3, as some seccomp profiles of containers do, makes it move.
   */
  private void beBornInQuota(Path group) {
    Label born = new Label("born");
    Label succeeded = new Label("succeeded");
    Label counted = new Label("counted");
    Slot directory =
        plan.ask(
            "open " + group,
            "openat",
            flags(AT_FDCWD),
            text(group.toString()),
            flags(O_PATH, O_DIRECTORY, O_CLOEXEC),
            number(0));
    Block.Writer arguments = // struct clone_args, linux/sched.h
        Block.of("a child in " + group).u64(Constant.or(CLONE_PARENT, CLONE_INTO_CGROUP));
    for (int i = 0; i < 10; i++) {
      arguments.u64(0); // the last is the group
    }
    Block cloneArgs = arguments.build();
    plan.put32(directory, cloneArgs, 80);
    Slot child =
        plan.tried("go on in " + group, "clone3", cloneArgs.address(), number(cloneArgs.size()));
    plan.goIfZero(child, born);
    plan.goUnlessFailed(child, succeeded);
    moveToQuota();
    plan.go(counted);
    plan.mark(succeeded);
    plan.call("the launcher goes on in its child", "exit_group", number(0));
    plan.mark(born);
    Block reborn = Block.of("report: reborn").u32(Report.REBORN).build();
    plan.report("it is another process now", reborn);
    plan.mark(counted);
  }

  private void moveToQuota() {
    for (Path file : placement.joinFiles()) {
      Slot group = open(file.toString());
      plan.call("join " + file, "write", group, text("0"), number(1));
    }
  }

  private Slot open(String file) {
    return plan.ask(
        "open " + file,
        "openat",
        flags(AT_FDCWD),
        text(file),
        flags(O_WRONLY, O_CLOEXEC),
        number(0));
  }

  void becomeTenant() {
    int uid = placement.uid().orElseThrow();
    plan.layer("unprivileged-uid");
    // Else the workload could use its streams, but not open them as /dev/stdin and the like.
    for (int stream = 0; stream < LaunchPlan.CHANNEL; stream++) {
      plan.call("own stream " + stream, "fchown", number(stream), number(uid), number(uid));
    }
    plan.call("leave all groups", "setgroups", number(0), number(0));
    plan.call("become the tenant's group", "setresgid", number(uid), number(uid), number(uid));
    plan.call("become the tenant's user", "setresuid", number(uid), number(uid), number(uid));
    // Changing the uid has made /proc/self root's, and the maps are written there.
    plan.call(
        "own /proc/self again",
        "prctl",
        flags(PR_SET_DUMPABLE),
        number(1),
        number(0),
        number(0),
        number(0));
  }

  void enterNamespaces() {
    plan.layer("namespaces");
    List<Constant> namespaces = new ArrayList<>(placement.namespaces());
    if (host.timeNamespaces()) {
      namespaces.add(CLONE_NEWTIME);
    }
    plan.call("new namespaces", "unshare", flags(namespaces.toArray(Constant[]::new)));
    plan.layer("user-namespace");
    int uid = placement.uid().orElse(host.uid());
    int gid = placement.uid().orElse(host.gid());
    // Without it an unprivileged user may not map a group: user_namespaces(7), CVE-2014-8989.
    write("deny setgroups", "/proc/self/setgroups", "deny");
    write("map the user", "/proc/self/uid_map", CELL_ID + " " + uid + " 1\n");
    write("map the group", "/proc/self/gid_map", CELL_ID + " " + gid + " 1\n");
    plan.layer("mount-namespace");
    plan.call(
        "let no mount through",
        "mount",
        text("none"),
        text("/"),
        number(0),
        flags(MS_REC, MS_PRIVATE),
        number(0));
  }

  private void write(String name, String path, String content) {
    Slot file = open(path);
    plan.call(name, "write", file, text(content), number(content.length()));
  }

  /** Init is the host's child too: waiting for it waits for the whole pid namespace's end. */
  void start(Label init) {
    plan.layer("pid-namespace");
    plan.fork("start init", flags(CLONE_PARENT, SIGCHLD), init);
    plan.call("the launcher's end", "exit_group", number(0));
  }
}
