package io.cordon.vm.agent;

import static io.cordon.process.kernel.AtFlag.AT_EMPTY_PATH;
import static io.cordon.process.kernel.AtFlag.AT_FDCWD;
import static io.cordon.process.kernel.OpenFlag.O_CLOEXEC;
import static io.cordon.process.kernel.OpenFlag.O_DIRECTORY;
import static io.cordon.process.kernel.OpenFlag.O_NOFOLLOW;
import static io.cordon.process.kernel.OpenFlag.O_NONBLOCK;
import static io.cordon.process.kernel.OpenFlag.O_PATH;
import static io.cordon.process.kernel.OpenFlag.O_RDONLY;
import static io.cordon.process.kernel.OpenFlag.O_WRONLY;
import static io.cordon.process.kernel.ResolveFlag.RESOLVE_BENEATH;
import static io.cordon.process.kernel.ResolveFlag.RESOLVE_NO_MAGICLINKS;
import static io.cordon.process.kernel.ResolveFlag.RESOLVE_NO_SYMLINKS;
import static io.cordon.process.plan.Argument.flags;
import static io.cordon.process.plan.Argument.number;
import static io.cordon.process.plan.Argument.octal;
import static io.cordon.process.plan.Argument.text;

import io.cordon.policy.SandboxLimits;
import io.cordon.process.GuestCells;
import io.cordon.process.GuestCells.GuestKernelFacts;
import io.cordon.process.kernel.Constant;
import io.cordon.process.plan.Argument.Slot;
import io.cordon.process.plan.Block;
import io.cordon.process.plan.LaunchPlan;
import io.cordon.process.plan.PlanBuilder;
import io.cordon.process.plan.Step.Label;
import io.cordon.sandbox.spi.CellSpec;
import io.cordon.vm.guest.AgentInit;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;

/** The plans that guests are ordered to follow. Immutable. */
public final class Orders {
  /** A report that something is done: nothing else is in it. */
  static final int DONE = 16;

  /** Begins a report with what statx(2) says. */
  static final int STATUS = 17;

  /** Begins a report with content of a file. */
  static final int CONTENT = 18;

  /** Begin reports with a file of the cell's control group: see {@link #COUNTER_FILES}. */
  static final int COUNTERS = 32;

  /** Begins a report with what statfs(2) says of the scratch space. */
  static final int SPACE = 48;

  static final List<String> COUNTER_FILES =
      List.of("pids.events", "memory.events", "memory.peak", "memory.current", "pids.current");

  /** What of a file is in one report. */
  static final int CONTENT_MAX = GuestAgent.LONGEST_REPORT - 4;

  static final int STATUS_SIZE = 256; // struct statx, linux/stat.h
  static final int SPACE_SIZE = 120; // struct statfs, asm/statfs.h

  private static final String GROUP = AgentInit.GROUP;
  private static final Path SCRATCH = Path.of(AgentInit.SCRATCH);
  private static final Path HOSTS = Path.of(AgentInit.HOSTS);

  private static final int STATX_BASIC_STATS = 0x7ff; // linux/stat.h
  private static final int CHANNEL = LaunchPlan.CHANNEL;

  private final GuestCells cells;

  /** Orders for guests in which cells are planned so. */
  public Orders(GuestCells cells) {
    this.cells = cells;
  }

  /** Launches a cell. */
  public LaunchPlan launch(GuestKernelFacts kernel, CellSpec spec, GuestCells.Program program) {
    PlanBuilder plan = new PlanBuilder();
    limit(plan, spec.limits());
    GuestCells.Place place =
        new GuestCells.Place(Path.of(GROUP, "cgroup.procs"), AgentInit.USER, SCRATCH, HOSTS);
    cells.write(plan, kernel, place, spec, program);
    return plan.build();
  }

  private static void limit(PlanBuilder plan, SandboxLimits limits) {
    plan.layer("groups");
    plan.call("a group for the cell", "mkdirat", flags(AT_FDCWD), text(GROUP), octal(0755));
    most(plan, limits);
    if (limits.tuning().memoryHigh().isPresent()) {
      set(plan, "memory.high", Long.toString(limits.tuning().memoryHigh().getAsLong()));
    }
    // One of them alone would leave a program that goes on without its other half.
    set(plan, "memory.oom.group", "1");
  }

  private static void most(PlanBuilder plan, SandboxLimits limits) {
    set(plan, "pids.max", Integer.toString(limits.pidsMax()));
    set(plan, "memory.max", Long.toString(limits.memoryMax()));
  }

  /** Holds the cell to other limits while it runs. */
  public LaunchPlan limit(SandboxLimits limits) {
    PlanBuilder plan = new PlanBuilder();
    plan.layer("groups");
    most(plan, limits);
    OptionalLong high = limits.tuning().memoryHigh();
    set(plan, "memory.high", high.isPresent() ? Long.toString(high.getAsLong()) : "max");
    return concluded(plan);
  }

  /**
   * Has the cell give back what it can of its memory above this: a write to memory.high reclaims,
   * one to memory.max would kill for what can't be (Documentation/admin-guide/cgroup-v2.rst).
   */
  public LaunchPlan reclaim(long bytes) {
    PlanBuilder plan = new PlanBuilder();
    plan.layer("groups");
    set(plan, "memory.high", Long.toString(bytes));
    return concluded(plan);
  }

  private static LaunchPlan concluded(PlanBuilder plan) {
    send(plan, "done", Block.of("done").u32(DONE).build());
    plan.call("end", "exit_group", number(0));
    return plan.build();
  }

  private static void set(PlanBuilder plan, String setting, String value) {
    Slot file =
        plan.ask(
            "open " + setting,
            "openat",
            flags(AT_FDCWD),
            text(GROUP + "/" + setting),
            flags(O_WRONLY, O_CLOEXEC),
            number(0));
    plan.call("set " + setting, "write", file, text(value), number(value.length()));
    plan.call("close " + setting, "close", file);
  }

  /**
   * Reads a file of the cell's working directory: a report of its status, then its content.
   *
   * @param maxBytes about how much of it is sent at most
   */
  public LaunchPlan readFile(String name, long maxBytes) {
    PlanBuilder plan = new PlanBuilder();
    plan.layer("file");
    Slot directory =
        plan.ask(
            "open the working directory",
            "openat",
            flags(AT_FDCWD),
            text(SCRATCH.resolve("work").toString()),
            flags(O_PATH, O_DIRECTORY, O_NOFOLLOW, O_CLOEXEC),
            number(0));
    Block how = // struct open_how, linux/openat2.h; without O_NONBLOCK a fifo would block for ever
        Block.of("a file beneath, no links")
            .u64(Constant.or(O_RDONLY, O_NONBLOCK, O_NOFOLLOW, O_CLOEXEC))
            .u64(0)
            .u64(Constant.or(RESOLVE_BENEATH, RESOLVE_NO_SYMLINKS, RESOLVE_NO_MAGICLINKS))
            .build();
    Slot file =
        plan.ask(
            "open the file", "openat2", directory, text(name), how.address(), number(how.size()));
    Block status = Block.zeros("status", 8 + STATUS_SIZE);
    plan.add(STATUS, status, 0);
    plan.call(
        "its status",
        "statx",
        file,
        text(""),
        flags(AT_EMPTY_PATH),
        number(STATX_BASIC_STATS),
        status.address(8));
    send(plan, "send its status", status);

    Label loop = new Label("content");
    Label some = new Label("some");
    Label end = new Label("end");
    Block content = Block.zeros("content", 4 + CONTENT_MAX);
    Block length = Block.of("length").u32(0).build();
    Block left = Block.of("reports left").u32(maxBytes / CONTENT_MAX + 2).build();
    plan.add(CONTENT, content, 0);
    plan.mark(loop);
    plan.add(-1, left, 0);
    plan.goIfWord(left, 0, 0, end);
    Slot count = plan.tried("read", "read", file, content.address(4), number(CONTENT_MAX));
    plan.goUnlessFailed(count, some);
    plan.go(end);
    plan.mark(some);
    plan.goIfZero(count, end);
    plan.put32(count, length, 0);
    plan.add(4, length, 0);
    plan.call(
        "send it",
        "sendto",
        number(CHANNEL),
        content.address(),
        length.word(0),
        number(0),
        number(0),
        number(0));
    plan.go(loop);
    plan.mark(end);
    return concluded(plan);
  }

  /** What the guest's kernel has counted of the cell: reports of {@link #COUNTERS} and others. */
  public LaunchPlan count() {
    PlanBuilder plan = new PlanBuilder();
    plan.layer("counters");
    for (int i = 0; i < COUNTER_FILES.size(); i++) {
      String name = COUNTER_FILES.get(i);
      Label next = new Label("next-" + i);
      Label there = new Label("there-" + i);
      Label read = new Label("read-" + i);
      Slot file = // memory.peak is newer than the oldest of these kernels
          plan.tried(
              "open " + name,
              "openat",
              flags(AT_FDCWD),
              text(GROUP + "/" + name),
              flags(O_RDONLY, O_CLOEXEC),
              number(0));
      plan.goUnlessFailed(file, there);
      plan.go(next);
      plan.mark(there);
      Block counters = Block.zeros(name, 1024);
      Block length = Block.of("length").u32(0).build();
      plan.add(COUNTERS + i, counters, 0);
      Slot count = plan.tried("read it", "read", file, counters.address(4), number(1020));
      plan.goUnlessFailed(count, read);
      plan.go(next);
      plan.mark(read);
      plan.put32(count, length, 0);
      plan.add(4, length, 0);
      plan.call(
          "send " + name,
          "sendto",
          number(CHANNEL),
          counters.address(),
          length.word(0),
          number(0),
          number(0),
          number(0));
      plan.mark(next);
    }
    Block space = Block.zeros("space", 8 + SPACE_SIZE);
    plan.add(SPACE, space, 0);
    plan.call("space in use", "statfs", text(SCRATCH.toString()), space.address(8));
    send(plan, "send the space", space);
    return concluded(plan);
  }

  private static void send(PlanBuilder plan, String name, Block report) {
    plan.call(
        name,
        "sendto",
        number(CHANNEL),
        report.address(),
        number(report.size()),
        number(0),
        number(0),
        number(0));
  }
}
