package io.cordon.process;

import static io.cordon.process.kernel.AtFlag.AT_EMPTY_PATH;
import static io.cordon.process.kernel.AtFlag.AT_FDCWD;
import static io.cordon.process.kernel.AtFlag.AT_RECURSIVE;
import static io.cordon.process.kernel.CloneFlag.CLONE_NEWCGROUP;
import static io.cordon.process.kernel.CloneFlag.CLONE_NEWIPC;
import static io.cordon.process.kernel.CloneFlag.CLONE_NEWNET;
import static io.cordon.process.kernel.CloneFlag.CLONE_NEWNS;
import static io.cordon.process.kernel.CloneFlag.CLONE_NEWPID;
import static io.cordon.process.kernel.CloneFlag.CLONE_NEWTIME;
import static io.cordon.process.kernel.CloneFlag.CLONE_NEWUSER;
import static io.cordon.process.kernel.CloneFlag.CLONE_NEWUTS;
import static io.cordon.process.kernel.CloneFlag.CLONE_PARENT;
import static io.cordon.process.kernel.CloneFlag.CLONE_VFORK;
import static io.cordon.process.kernel.DescriptorFlag.CLOSE_RANGE_CLOEXEC;
import static io.cordon.process.kernel.FileMode.S_IFREG;
import static io.cordon.process.kernel.MountAttribute.MOUNT_ATTR_NODEV;
import static io.cordon.process.kernel.MountAttribute.MOUNT_ATTR_NOEXEC;
import static io.cordon.process.kernel.MountAttribute.MOUNT_ATTR_NOSUID;
import static io.cordon.process.kernel.MountAttribute.MOUNT_ATTR_RDONLY;
import static io.cordon.process.kernel.MountFlag.MNT_DETACH;
import static io.cordon.process.kernel.MountFlag.MS_NODEV;
import static io.cordon.process.kernel.MountFlag.MS_NOEXEC;
import static io.cordon.process.kernel.MountFlag.MS_NOSUID;
import static io.cordon.process.kernel.MountFlag.MS_PRIVATE;
import static io.cordon.process.kernel.MountFlag.MS_REC;
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
import static io.cordon.process.kernel.PrctlOption.PR_SET_NO_NEW_PRIVS;
import static io.cordon.process.kernel.PrctlOption.PR_SET_PDEATHSIG;
import static io.cordon.process.kernel.PrctlOption.PR_SET_SECUREBITS;
import static io.cordon.process.kernel.ResolveFlag.RESOLVE_NO_MAGICLINKS;
import static io.cordon.process.kernel.ResolveFlag.RESOLVE_NO_SYMLINKS;
import static io.cordon.process.kernel.SecureBit.SECBIT_KEEP_CAPS_LOCKED;
import static io.cordon.process.kernel.SecureBit.SECBIT_NOROOT;
import static io.cordon.process.kernel.SecureBit.SECBIT_NOROOT_LOCKED;
import static io.cordon.process.kernel.SecureBit.SECBIT_NO_CAP_AMBIENT_RAISE;
import static io.cordon.process.kernel.SecureBit.SECBIT_NO_CAP_AMBIENT_RAISE_LOCKED;
import static io.cordon.process.kernel.SecureBit.SECBIT_NO_SETUID_FIXUP;
import static io.cordon.process.kernel.SecureBit.SECBIT_NO_SETUID_FIXUP_LOCKED;
import static io.cordon.process.kernel.Signal.SIGCHLD;
import static io.cordon.process.kernel.Signal.SIGKILL;
import static io.cordon.process.kernel.SocketFlag.MSG_NOSIGNAL;
import static io.cordon.process.kernel.SocketFlag.SCM_RIGHTS;
import static io.cordon.process.kernel.SocketFlag.SOL_SOCKET;
import static io.cordon.process.kernel.TreeFlag.MOVE_MOUNT_F_EMPTY_PATH;
import static io.cordon.process.kernel.TreeFlag.OPEN_TREE_CLOEXEC;
import static io.cordon.process.kernel.TreeFlag.OPEN_TREE_CLONE;
import static io.cordon.process.kernel.WaitFlag.__WALL;
import static io.cordon.process.plan.Argument.flags;
import static io.cordon.process.plan.Argument.number;
import static io.cordon.process.plan.Argument.octal;
import static io.cordon.process.plan.Argument.text;
import static io.cordon.process.plan.LaunchPlan.CHANNEL;

import io.cordon.process.kernel.CloneFlag;
import io.cordon.process.kernel.Constant;
import io.cordon.process.kernel.Resource;
import io.cordon.process.landlock.Access;
import io.cordon.process.landlock.Landlock;
import io.cordon.process.plan.Argument;
import io.cordon.process.plan.Argument.Slot;
import io.cordon.process.plan.Block;
import io.cordon.process.plan.LaunchPlan;
import io.cordon.process.plan.PlanBuilder;
import io.cordon.process.plan.Report;
import io.cordon.process.plan.Step.Label;
import io.cordon.process.seccomp.SeccompFilter;
import io.cordon.sandbox.spi.CellSpec;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Writes the launch plan of one cell.
 *
 * <p>Three processes take the steps. The <i>launcher</i>, a child of this JVM, joins the quota's
 * groups, gives up root and makes the namespaces. It starts <i>init</i>, the first process in them,
 * and is gone. Init builds what the cell sees, gives up all its power, and starts the
 * <i>workload</i>; then it reaps what dies, and when the workload has ended it says how, and ends
 * itself: the kernel kills whatever is left. The workload goes under landlock and seccomp, and
 * executes its program.
 */
final class CellPlanner {
  /** Who the workload is inside. */
  static final int CELL_ID = 1000;

  private static final Path WORK = Path.of(CellSpec.WORKING_DIRECTORY);
  private static final List<String> DEVICES = List.of("null", "zero", "full", "random", "urandom");
  private static final int FIRST_INPUT = CHANNEL + 1;
  private static final long NO_LIMIT = 0xffff_ffffL; // close_range's last descriptor

  /** The tmpfs's own root, /work and /tmp: not counted against the cell. */
  static final int OWN_INODES = 3;

  private final Host host;
  private final CellSpec spec;
  private final Placement placement;
  private final FileTree tree;
  private final Optional<Execution> execution;
  private final SeccompFilter filter;
  private final PlanBuilder plan = new PlanBuilder();

  /**
   * What is executed in the end.
   *
   * @param program its path inside the cell
   * @param arguments what it is given, from its own name on
   * @param environment its variables
   * @param fileSizeLimit the largest file that it may make
   */
  record Execution(
      String program, List<String> arguments, Map<String, String> environment, long fileSizeLimit) {

    Execution {
      arguments = List.copyOf(arguments);
      environment = Map.copyOf(environment);
    }
  }

  CellPlanner(Host host, CellSpec spec, Placement placement, CellView view, SeccompFilter filter) {
    this.host = host;
    this.spec = spec;
    this.placement = placement;
    this.tree = view.tree();
    this.execution = view.execution();
    this.filter = filter;
  }

  LaunchPlan plan() {
    Label init = new Label("init");
    Label workload = new Label("workload");

    closeInherited();
    joinQuota();
    List<Source> sources;
    if (placement.uid().isPresent()) {
      // The mounts are cloned first: a JDK or a jar below a 0700 home can't be reached afterwards.
      sources = cloneSources();
      becomeTenant(placement.uid().getAsInt());
      enterNamespaces();
    } else {
      enterNamespaces();
      sources = cloneSources();
    }
    startInit(init);

    plan.mark(init);
    dieWithTheHost();
    buildRoot(sources);
    handOverWorkingDirectory();
    copyInputs();
    limitResources();
    dropCapabilities();
    startWorkload(workload);
    reapUntilItEnds();

    plan.mark(workload);
    confineWorkload();
    plan.layer("launch");
    execution.ifPresentOrElse(
        this::execute, () -> plan.call("the probe's end", "exit_group", number(0)));
    return plan.build();
  }

  // The launcher.

  private void closeInherited() {
    plan.layer("launch");
    int first = FIRST_INPUT + spec.inputs().size();
    plan.call(
        "close inherited descriptors", "close_range", number(first), number(NO_LIMIT), number(0));
  }

  private void joinQuota() {
    plan.layer("quota");
    for (Path file : placement.joinFiles()) {
      Slot opened =
          plan.ask(
              "open " + file,
              "openat",
              flags(AT_FDCWD),
              text(file.toString()),
              flags(O_WRONLY, O_CLOEXEC),
              number(0));
      plan.call("join the group", "write", opened, text("0"), number(1));
      plan.call("close", "close", opened);
    }
  }

  private void becomeTenant(int uid) {
    plan.layer("unprivileged-uid");
    plan.call("leave all groups", "setgroups", number(0), number(0));
    plan.call("become the tenant's group", "setresgid", number(uid), number(uid), number(uid));
    plan.call("become the tenant's user", "setresuid", number(uid), number(uid), number(uid));
    // Changing the uid has made /proc/self root's; the maps are written there.
    plan.call(
        "own /proc/self again",
        "prctl",
        flags(PR_SET_DUMPABLE),
        number(1),
        number(0),
        number(0),
        number(0));
  }

  private void enterNamespaces() {
    plan.layer("user-namespace");
    List<CloneFlag> namespaces =
        new ArrayList<>(
            List.of(
                CLONE_NEWUSER,
                CLONE_NEWNS,
                CLONE_NEWPID,
                CLONE_NEWNET,
                CLONE_NEWIPC,
                CLONE_NEWUTS,
                CLONE_NEWCGROUP));
    if (host.timeNamespaces()) {
      namespaces.add(CLONE_NEWTIME);
    }
    plan.call("new namespaces", "unshare", flags(namespaces));
    int uid = placement.uid().orElse(host.uid());
    int gid = placement.uid().orElse(host.gid());
    writeFile("deny setgroups", "/proc/self/setgroups", "deny");
    writeFile("map the user", "/proc/self/uid_map", CELL_ID + " " + uid + " 1\n");
    writeFile("map the group", "/proc/self/gid_map", CELL_ID + " " + gid + " 1\n");
    plan.layer("mount-namespace");
    plan.call(
        "no mounts from the host",
        "mount",
        text("none"),
        text("/"),
        number(0),
        flags(MS_REC, MS_PRIVATE),
        number(0));
  }

  private void writeFile(String name, String path, String content) {
    Slot file =
        plan.ask(
            name + ": open", "openat", flags(AT_FDCWD), text(path), flags(O_WRONLY), number(0));
    plan.call(name, "write", file, text(content), number(content.length()));
    plan.call(name + ": close", "close", file);
  }

  private void startInit(Label init) {
    plan.layer("pid-namespace");
    Slot child =
        plan.ask(
            "start init as the host's child",
            "clone",
            flags(CLONE_PARENT, SIGCHLD),
            number(0),
            number(0),
            number(0),
            number(0));
    plan.goIfZero(child, init);
    plan.call("the launcher's end", "exit_group", number(0));
  }

  // What the cell sees.

  /** The detached copy of a mount. */
  private record Source(Slot mount, Path at, boolean directory, boolean device) {}

  private List<Source> cloneSources() {
    plan.layer("new-root");
    List<Source> sources = new ArrayList<>();
    tree.nodes()
        .forEach(
            (at, node) -> {
              if (node instanceof FileTree.Bind bind) {
                Slot mount = cloneMount(bind.source(), bind.directory());
                sources.add(new Source(mount, at, bind.directory(), false));
              }
            });
    for (String device : DEVICES) {
      Path path = Path.of("/dev", device);
      Slot mount = cloneMount(path, false);
      plan.call(
          "set up " + path,
          "mount_setattr",
          mount,
          text(""),
          flags(AT_EMPTY_PATH),
          attributes(MOUNT_ATTR_RDONLY, MOUNT_ATTR_NOSUID, MOUNT_ATTR_NOEXEC),
          number(32));
      sources.add(new Source(mount, path, false, true));
    }
    return sources;
  }

  /** Refuses a path with a symbolic link in it, and a directory where a file is meant. */
  private Slot cloneMount(Path path, boolean directory) {
    Block how = // struct open_how, linux/openat2.h
        Block.of("no links" + (directory ? ", a directory" : ""))
            .u64(Constant.or(O_PATH, O_CLOEXEC) | (directory ? O_DIRECTORY.value() : 0))
            .u64(0)
            .u64(Constant.or(RESOLVE_NO_SYMLINKS, RESOLVE_NO_MAGICLINKS))
            .build();
    Slot opened =
        plan.ask(
            "find " + path,
            "openat2",
            flags(AT_FDCWD),
            text(path.toString()),
            how.address(),
            number(24));
    List<Constant> tree =
        new ArrayList<>(List.of(OPEN_TREE_CLONE, OPEN_TREE_CLOEXEC, AT_EMPTY_PATH));
    if (directory) {
      tree.add(AT_RECURSIVE);
    }
    return plan.ask("clone " + path, "open_tree", opened, text(""), flags(tree));
  }

  private static Argument attributes(Constant... set) {
    // struct mount_attr, linux/mount.h: set, clear, propagation, user namespace
    return Block.of(flags(set).describe() + ", private")
        .u64(Constant.or(set))
        .u64(0)
        .u64(MS_PRIVATE.value())
        .u64(0)
        .build()
        .address();
  }

  private void buildRoot(List<Source> sources) {
    plan.layer("new-root");
    plan.call("no mask", "umask", number(0));
    // Over /proc: the one directory that is on every host that a JVM runs on.
    plan.call(
        "an empty root",
        "mount",
        text("tmpfs"),
        text("/proc"),
        text("tmpfs"),
        flags(MS_NOSUID, MS_NODEV),
        text("size=1m,nr_inodes=1k,mode=755"));
    plan.call("go there", "chdir", text("/proc"));
    Set<Path> made = new HashSet<>();
    for (Path directory : List.of(Path.of("/proc"), Path.of("/dev"), Path.of("/tmp"), WORK)) {
      makeDirectory(directory, made);
    }
    for (Source source : sources) {
      if (source.directory()) {
        makeDirectory(source.at(), made);
      } else {
        makeParents(source.at(), made);
        plan.call(
            "a place for " + source.at(),
            "mknodat",
            flags(AT_FDCWD),
            relative(source.at()),
            new Argument.Immediate(S_IFREG.value() | 0444, "S_IFREG|0444"),
            number(0));
      }
      if (!source.device()) {
        attach(source);
      }
    }
    tree.nodes().forEach((at, node) -> ownFile(at, node, made));
    plan.call(
        "read-only, all of it",
        "mount_setattr",
        flags(AT_FDCWD),
        text(""),
        flags(AT_EMPTY_PATH, AT_RECURSIVE),
        attributes(MOUNT_ATTR_RDONLY, MOUNT_ATTR_NOSUID, MOUNT_ATTR_NODEV),
        number(32));
    sources.stream().filter(Source::device).forEach(this::attach);
    plan.call(
        "mount proc",
        "mount",
        text("proc"),
        text("proc"),
        text("proc"),
        flags(MS_NOSUID, MS_NODEV, MS_NOEXEC),
        text("hidepid=invisible,subset=pid"));
    mountScratch();
    plan.call("change the root", "pivot_root", text("."), text("."));
    plan.call("leave the host's root", "umount2", text("."), flags(MNT_DETACH));
    plan.call("go to the new root", "chdir", text("/"));
    plan.layer("uts-namespace");
    plan.call("name the host", "sethostname", text(spec.name()), number(spec.name().length()));
  }

  private void attach(Source source) {
    plan.call(
        "attach " + source.at(),
        "move_mount",
        source.mount(),
        text(""),
        flags(AT_FDCWD),
        relative(source.at()),
        flags(MOVE_MOUNT_F_EMPTY_PATH));
  }

  private void ownFile(Path at, FileTree.Node node, Set<Path> made) {
    switch (node) {
      case FileTree.Bind bind -> {} // attached already
      case FileTree.Link(String target) -> {
        makeParents(at, made);
        plan.call("link " + at, "symlinkat", text(target), flags(AT_FDCWD), relative(at));
      }
      case FileTree.Text(String content) -> {
        makeParents(at, made);
        Slot file =
            plan.ask(
                "make " + at,
                "openat",
                flags(AT_FDCWD),
                relative(at),
                flags(O_WRONLY, O_CREAT, O_EXCL, O_CLOEXEC),
                octal(0444));
        int length = content.getBytes(StandardCharsets.UTF_8).length;
        plan.call("write " + at, "write", file, text(content), number(length));
        plan.call("close " + at, "close", file); // an open one would keep the root writable
      }
    }
  }

  private void makeParents(Path path, Set<Path> made) {
    Path parent = path.getParent();
    if (parent != null && parent.getNameCount() > 0) {
      makeDirectory(parent, made);
    }
  }

  private void makeDirectory(Path path, Set<Path> made) {
    if (!made.contains(path)) {
      makeParents(path, made);
      plan.call("make " + path, "mkdirat", flags(AT_FDCWD), relative(path), octal(0755));
      made.add(path);
    }
  }

  private static Argument relative(Path path) {
    return text(path.toString().substring(1));
  }

  /** One sized file system that is both /work and /tmp: disk.max holds for the two together. */
  private void mountScratch() {
    String options =
        "size=%d,nr_inodes=%d,mode=755"
            .formatted(spec.limits().disk().bytes(), spec.limits().disk().inodes() + OWN_INODES);
    plan.call(
        "mount scratch",
        "mount",
        text("tmpfs"),
        text("tmp"),
        text("tmpfs"),
        flags(MS_NOSUID, MS_NODEV, MS_NOEXEC),
        text(options));
    plan.call("make /work", "mkdirat", flags(AT_FDCWD), text("tmp/work"), octal(0755));
    plan.call("make /tmp", "mkdirat", flags(AT_FDCWD), text("tmp/tmp"), octal(01777));
    Slot work = cloneScratch("tmp/work");
    Slot tmp = cloneScratch("tmp/tmp");
    plan.call("hide scratch itself", "umount2", text("tmp"), flags(MNT_DETACH));
    attach(new Source(work, WORK, true, false));
    attach(new Source(tmp, Path.of("/tmp"), true, false));
  }

  private Slot cloneScratch(String path) {
    return plan.ask(
        "clone " + path,
        "open_tree",
        flags(AT_FDCWD),
        text(path),
        flags(OPEN_TREE_CLONE, OPEN_TREE_CLOEXEC));
  }

  // Init.

  private void dieWithTheHost() {
    plan.layer("init");
    plan.call("die with the host", "prctl", flags(PR_SET_PDEATHSIG), flags(SIGKILL));
    // Fails if the host died before that. The kernel tells it this process's pid.
    Block alive = Block.of("report: alive").u32(Report.ALIVE).build();
    plan.call(
        "is the host alive?",
        "sendto",
        number(CHANNEL),
        alive.address(),
        number(4),
        flags(MSG_NOSIGNAL),
        number(0),
        number(0));
  }

  private void handOverWorkingDirectory() {
    plan.layer("init");
    Slot directory =
        plan.ask(
            "open " + WORK,
            "openat",
            flags(AT_FDCWD),
            text(WORK.toString()),
            flags(O_PATH, O_DIRECTORY, O_NOFOLLOW, O_CLOEXEC),
            number(0));
    Block control = // struct cmsghdr, linux/socket.h: length, level, type; then the descriptor
        Block.of("rights").u64(20).u32(SOL_SOCKET.value()).u32(SCM_RIGHTS.value()).u64(0).build();
    Block data = Block.of("report: working directory").u32(Report.WORKING_DIRECTORY).build();
    Block vector = Block.of("vector").pointer(data.address()).u64(4).build();
    Block message = // struct msghdr
        Block.of("report: working directory, with its descriptor")
            .u64(0)
            .u64(0)
            .pointer(vector.address())
            .u64(1)
            .pointer(control.address())
            .u64(24)
            .u64(0)
            .build();
    plan.put32(directory, control, 16);
    plan.call(
        "hand the host " + WORK,
        "sendmsg",
        number(CHANNEL),
        message.address(),
        flags(MSG_NOSIGNAL));
  }

  /** Copied inside the cell, which is charged for it, and bounded by disk.max. */
  private void copyInputs() {
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
              number(FIRST_INPUT + i),
              number(0),
              number(1 << 30));
      plan.goIfZero(count, copied);
      plan.go(copy);
      plan.mark(copied);
      plan.call("close input " + name, "close", file);
    }
  }

  private void limitResources() {
    plan.layer("rlimits");
    limit(Resource.RLIMIT_CORE, 0);
    limit(Resource.RLIMIT_NOFILE, 1024);
    limit(Resource.RLIMIT_MEMLOCK, 0);
    limit(Resource.RLIMIT_MSGQUEUE, 0);
    limit(Resource.RLIMIT_FSIZE, execution.map(Execution::fileSizeLimit).orElse(Host.UNLIMITED));
    if (placement.limitsProcesses()) {
      // In the new user namespace this counts the cell's processes alone. One of them is init.
      limit(Resource.RLIMIT_NPROC, spec.limits().pidsMax() + 1L);
    }
  }

  private void limit(Resource resource, long wanted) {
    long value = host.clamp(resource, wanted);
    String shown = value == Host.UNLIMITED ? "unlimited" : Long.toString(value);
    Block limit = Block.of(shown).u64(value).u64(value).build();
    plan.call(
        "limit " + resource.name().substring(7).toLowerCase(java.util.Locale.ROOT),
        "prlimit64",
        number(0),
        flags(resource),
        limit.address(),
        number(0));
  }

  private void dropCapabilities() {
    plan.layer("capabilities");
    for (int capability = 0; capability <= host.lastCapability(); capability++) {
      plan.call(
          "drop capability " + capability, "prctl", flags(PR_CAPBSET_DROP), number(capability));
    }
    plan.call(
        "clear ambient ones",
        "prctl",
        flags(PR_CAP_AMBIENT),
        flags(PR_CAP_AMBIENT_CLEAR_ALL),
        number(0),
        number(0),
        number(0));
    plan.call(
        "no root by uid",
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
    Block header = // struct __user_cap_header_struct, linux/capability.h
        Block.of("_LINUX_CAPABILITY_VERSION_3").u32(0x20080522).u32(0).build();
    plan.call(
        "drop all capabilities", "capset", header.address(), Block.zeros("none", 24).address());
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

  private void startWorkload(Label workload) {
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
    // vfork: init goes on when the workload has executed its program, or has failed to.
    Slot child =
        plan.ask(
            "start the workload",
            "clone",
            flags(CLONE_VFORK, SIGCHLD),
            number(0),
            number(0),
            number(0),
            number(0));
    plan.goIfZero(child, workload);
    plan.call("close standard streams", "close_range", number(0), number(CHANNEL - 1), number(0));
    plan.call(
        "close all but the channel",
        "close_range",
        number(CHANNEL + 1),
        number(NO_LIMIT),
        number(0));
    Block executing = Block.of("report: executing").u32(Report.EXECUTING).build();
    plan.call(
        "it is executing",
        "sendto",
        number(CHANNEL),
        executing.address(),
        number(4),
        flags(MSG_NOSIGNAL),
        number(0),
        number(0));
    this.workload = child;
  }

  private Slot workload = new Slot("workload");

  private void reapUntilItEnds() {
    Label reap = new Label("reap");
    Label ended = new Label("ended");
    Block report = Report.endedBlock();
    plan.mark(reap);
    Slot dead = plan.ask("wait", "wait4", number(-1), report.address(4), flags(__WALL), number(0));
    plan.goIfEqual(dead, workload, ended);
    plan.go(reap);
    plan.mark(ended);
    plan.call("what it used", "getrusage", number(-1), report.address(8)); // RUSAGE_CHILDREN
    plan.call(
        "how it ended",
        "sendto",
        number(CHANNEL),
        report.address(),
        number(152),
        flags(MSG_NOSIGNAL),
        number(0),
        number(0));
    plan.call("the end of the cell", "exit_group", number(0));
  }

  // The workload.

  private void confineWorkload() {
    plan.layer("init");
    plan.call("die with init", "prctl", flags(PR_SET_PDEATHSIG), flags(SIGKILL));
    plan.call("a session of its own", "setsid");
    if (host.landlockAbi() > 0) {
      plan.layer("landlock");
      landlock().plan(plan);
    }
    plan.layer("launch");
    plan.call(
        "close descriptors on exec",
        "close_range",
        number(CHANNEL),
        number(NO_LIMIT),
        flags(CLOSE_RANGE_CLOEXEC));
    plan.layer("seccomp");
    plan.call(
        "only listed system calls",
        "seccomp",
        number(1), // SECCOMP_SET_MODE_FILTER
        number(0),
        filter.block().address());
  }

  private Landlock landlock() {
    Landlock rules =
        new Landlock(host.landlockAbi())
            .directory("/", Access.READ_FILE, Access.READ_DIR)
            .directory(
                "/dev", Access.READ_FILE, Access.READ_DIR, Access.WRITE_FILE, Access.IOCTL_DEV);
    for (String scratch : List.of(WORK.toString(), "/tmp")) {
      rules.directory(
          scratch,
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
    tree.nodes()
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

  private void execute(Execution execution) {
    List<String> environment = new ArrayList<>();
    execution.environment().forEach((name, value) -> environment.add(name + "=" + value));
    environment.sort(null);
    plan.call(
        "execute " + execution.program(),
        "execve",
        text(execution.program()),
        texts(execution.arguments()),
        texts(environment));
  }

  private static Argument texts(List<String> values) {
    Block.Writer pointers =
        Block.of(String.join(", ", values.stream().map(value -> text(value).describe()).toList()));
    values.forEach(value -> pointers.pointer(text(value)));
    return pointers.u64(0).build().address();
  }
}
