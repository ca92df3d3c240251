package io.cordon.process;

import static io.cordon.process.kernel.AtFlag.AT_EMPTY_PATH;
import static io.cordon.process.kernel.AtFlag.AT_FDCWD;
import static io.cordon.process.kernel.AtFlag.AT_RECURSIVE;
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
import static io.cordon.process.kernel.OpenFlag.O_CLOEXEC;
import static io.cordon.process.kernel.OpenFlag.O_CREAT;
import static io.cordon.process.kernel.OpenFlag.O_DIRECTORY;
import static io.cordon.process.kernel.OpenFlag.O_EXCL;
import static io.cordon.process.kernel.OpenFlag.O_PATH;
import static io.cordon.process.kernel.OpenFlag.O_WRONLY;
import static io.cordon.process.kernel.ResolveFlag.RESOLVE_NO_MAGICLINKS;
import static io.cordon.process.kernel.ResolveFlag.RESOLVE_NO_SYMLINKS;
import static io.cordon.process.kernel.TreeFlag.MOVE_MOUNT_F_EMPTY_PATH;
import static io.cordon.process.kernel.TreeFlag.OPEN_TREE_CLOEXEC;
import static io.cordon.process.kernel.TreeFlag.OPEN_TREE_CLONE;
import static io.cordon.process.plan.Argument.flags;
import static io.cordon.process.plan.Argument.number;
import static io.cordon.process.plan.Argument.octal;
import static io.cordon.process.plan.Argument.text;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.cordon.policy.SandboxLimits.Disk;
import io.cordon.process.kernel.Constant;
import io.cordon.process.plan.Argument;
import io.cordon.process.plan.Argument.Flags;
import io.cordon.process.plan.Argument.Slot;
import io.cordon.process.plan.Block;
import io.cordon.process.plan.PlanBuilder;
import io.cordon.sandbox.spi.CellSpec;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The steps that build what a cell sees: an empty file system with read-only views of some of the
 * host's files in it, and one writable, sized one.
 */
final class NewRoot {
  static final Path WORK = Path.of(CellSpec.WORKING_DIRECTORY);
  static final Path TMP = Path.of("/tmp");

  /** The root of the scratch space, /work and /tmp: not the cell's to pay for. */
  static final int OWN_INODES = 3;

  private static final List<String> DEVICES = List.of("null", "zero", "full", "random", "urandom");
  private static final List<Path> MOUNT_POINTS = List.of(Path.of("/proc"), TMP, WORK);

  private static final Block ATTRIBUTES_OF_ALL =
      attributes(MOUNT_ATTR_RDONLY, MOUNT_ATTR_NOSUID, MOUNT_ATTR_NODEV);
  private static final Block ATTRIBUTES_OF_DEVICES =
      attributes(MOUNT_ATTR_RDONLY, MOUNT_ATTR_NOSUID, MOUNT_ATTR_NOEXEC);

  // struct open_how, linux/openat2.h. The host has resolved every link; one that is there now has
  // been planted since (CVE-2025-31133).
  private static final Block A_FILE = how("no links on the way", O_PATH, O_CLOEXEC);
  private static final Block A_DIRECTORY =
      how("a directory, no links on the way", O_PATH, O_CLOEXEC, O_DIRECTORY);

  private final PlanBuilder plan;
  private final FileTree tree;
  private final Disk disk;
  private final Optional<Path> scratch;
  private final List<Source> sources = new ArrayList<>();
  private final List<Source> writable = new ArrayList<>();
  private final Set<Path> made = new HashSet<>();

  /**
   * The steps for a cell.
   *
   * @param scratch where the cell's writable directories are; empty to make them
   */
  NewRoot(PlanBuilder plan, FileTree tree, Disk disk, Optional<Path> scratch) {
    this.plan = plan;
    this.tree = tree;
    this.disk = disk;
    this.scratch = scratch;
  }

  /** The detached copy of a mount, and where it belongs. */
  private record Source(Slot mount, Path at, boolean directory, boolean device) {}

  private static Block attributes(Constant... set) {
    // struct mount_attr, linux/mount.h: what to set, to clear, the propagation, a user namespace
    return Block.of(flags(set).describe() + ", private")
        .u64(Constant.or(set))
        .u64(0)
        .u64(MS_PRIVATE.value())
        .u64(0)
        .build();
  }

  private static Block how(String text, Constant... flags) {
    return Block.of(text)
        .u64(Constant.or(flags))
        .u64(0)
        .u64(Constant.or(RESOLVE_NO_SYMLINKS, RESOLVE_NO_MAGICLINKS))
        .build();
  }

  /** Takes detached copies of what the cell is to see. */
  void cloneSources() {
    plan.layer("new-root");
    tree.nodes()
        .forEach(
            (at, node) -> {
              switch (node) {
                case FileTree.Bind bind -> {
                  Slot mount = cloneMount(bind.source(), bind.directory());
                  sources.add(new Source(mount, at, bind.directory(), false));
                }
                case FileTree.Device device -> cloneDevice(at);
                case FileTree.Link ours -> {}
                case FileTree.Text ours -> {}
              }
            });
    for (String device : DEVICES) {
      cloneDevice(Path.of("/dev", device));
    }
    scratch.ifPresent(
        directory -> {
          writable.add(new Source(cloneMount(directory.resolve("work"), true), WORK, true, false));
          writable.add(new Source(cloneMount(directory.resolve("tmp"), true), TMP, true, false));
        });
  }

  private void cloneDevice(Path path) {
    Slot mount = cloneMount(path, false);
    plan.call(
        "read-only " + path, // which for a device means its own attributes
        "mount_setattr",
        mount,
        text(""),
        flags(AT_EMPTY_PATH),
        ATTRIBUTES_OF_DEVICES.address(),
        number(ATTRIBUTES_OF_DEVICES.size()));
    sources.add(new Source(mount, path, false, true));
  }

  private Slot cloneMount(Path path, boolean directory) {
    Block how = directory ? A_DIRECTORY : A_FILE;
    Slot found =
        plan.ask(
            "find " + path,
            "openat2",
            flags(AT_FDCWD),
            text(path.toString()),
            how.address(),
            number(how.size()));
    List<Constant> flags =
        new ArrayList<>(List.of(OPEN_TREE_CLONE, OPEN_TREE_CLOEXEC, AT_EMPTY_PATH));
    if (directory) {
      flags.add(AT_RECURSIVE);
    }
    return plan.ask("clone " + path, "open_tree", found, text(""), new Flags(flags));
  }

  /** Builds it, in a place that will be the root. */
  void build() {
    plan.layer("new-root");
    plan.call("no mask", "umask", octal(0));
    // Over /proc: the one directory that is on every host that a JVM runs on.
    plan.call(
        "an empty root",
        "mount",
        text("tmpfs"),
        text("/proc"),
        text("tmpfs"),
        flags(MS_NOSUID, MS_NODEV),
        text("size=1m,nr_inodes=16k,mode=755"));
    plan.call("go there", "chdir", text("/proc"));
    MOUNT_POINTS.forEach(this::makeDirectory);
    sources.forEach(this::makePlace);
    sources.stream().filter(source -> !source.device()).forEach(this::attach);
    tree.nodes().forEach(this::makeOwnFile);
    plan.call(
        "read-only, all of it",
        "mount_setattr",
        flags(AT_FDCWD),
        text(""),
        flags(AT_EMPTY_PATH, AT_RECURSIVE),
        ATTRIBUTES_OF_ALL.address(),
        number(ATTRIBUTES_OF_ALL.size()));
    sources.stream().filter(Source::device).forEach(this::attach);
    mountProc();
    if (scratch.isPresent()) {
      writable.forEach(this::attach);
    } else {
      mountScratch();
    }
  }

  private void makePlace(Source source) {
    if (source.directory()) {
      makeDirectory(source.at());
    } else {
      makeParents(source.at());
      plan.call(
          "a place for " + source.at(),
          "mknodat",
          flags(AT_FDCWD),
          relative(source.at()),
          flags(S_IFREG),
          number(0));
    }
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

  private void makeOwnFile(Path at, FileTree.Node node) {
    switch (node) {
      case FileTree.Bind bind -> {} // is attached already
      case FileTree.Device device -> {} // is attached last
      case FileTree.Link(String target) -> {
        makeParents(at);
        plan.call("link " + at, "symlinkat", text(target), flags(AT_FDCWD), relative(at));
      }
      case FileTree.Text(String content) -> {
        makeParents(at);
        Slot file =
            plan.ask(
                "make " + at,
                "openat",
                flags(AT_FDCWD),
                relative(at),
                flags(O_WRONLY, O_CREAT, O_EXCL, O_CLOEXEC),
                octal(0444));
        plan.call(
            "write " + at, "write", file, text(content), number(content.getBytes(UTF_8).length));
        plan.call("close " + at, "close", file); // an open one would keep the root writable
      }
    }
  }

  private void makeParents(Path path) {
    Path parent = path.getParent();
    if (parent != null && parent.getNameCount() > 0) {
      makeDirectory(parent);
    }
  }

  private void makeDirectory(Path path) {
    if (!made.contains(path)) {
      makeParents(path);
      plan.call("make " + path, "mkdirat", flags(AT_FDCWD), relative(path), octal(0755));
      made.add(path);
    }
  }

  private static Argument relative(Path path) {
    return text(path.toString().substring(1));
  }

  /** Processes alone: no /proc/sys, no /proc/kcore, nothing of the host's. */
  private void mountProc() {
    plan.call(
        "mount proc",
        "mount",
        text("proc"),
        text("proc"),
        text("proc"),
        flags(MS_NOSUID, MS_NODEV, MS_NOEXEC),
        text("hidepid=invisible,subset=pid"));
  }

  /** One sized file system that is both /work and /tmp: disk.max holds for the two together. */
  private void mountScratch() {
    plan.call(
        "mount the scratch space",
        "mount",
        text("tmpfs"),
        text("tmp"),
        text("tmpfs"),
        flags(MS_NOSUID, MS_NODEV, MS_NOEXEC),
        text("size=%d,nr_inodes=%d,mode=755".formatted(disk.bytes(), disk.inodes() + OWN_INODES)));
    plan.call("make " + WORK, "mkdirat", flags(AT_FDCWD), text("tmp/work"), octal(0755));
    plan.call("make " + TMP, "mkdirat", flags(AT_FDCWD), text("tmp/tmp"), octal(01777));
    Slot work = cloneScratch("tmp/work");
    Slot tmp = cloneScratch("tmp/tmp");
    attach(new Source(work, WORK, true, false));
    // Over the space itself, which nobody inside can uncover: that takes CAP_SYS_ADMIN.
    attach(new Source(tmp, TMP, true, false));
  }

  private Slot cloneScratch(String path) {
    return plan.ask(
        "clone " + path,
        "open_tree",
        flags(AT_FDCWD),
        text(path),
        flags(OPEN_TREE_CLONE, OPEN_TREE_CLOEXEC));
  }

  /** Makes it the root, and leaves nothing of the old one. */
  void enter() {
    plan.call("change the root", "pivot_root", text("."), text("."));
    plan.call("leave the host's root", "umount2", text("."), flags(MNT_DETACH));
    plan.call("go to the new root", "chdir", text("/"));
  }
}
