package io.cordon.vm;

import static io.cordon.process.kernel.AtFlag.AT_FDCWD;
import static io.cordon.process.kernel.OpenFlag.O_CLOEXEC;
import static io.cordon.process.kernel.OpenFlag.O_CREAT;
import static io.cordon.process.kernel.OpenFlag.O_RDONLY;
import static io.cordon.process.kernel.OpenFlag.O_RDWR;
import static io.cordon.process.kernel.OpenFlag.O_WRONLY;
import static io.cordon.process.plan.Argument.flags;
import static io.cordon.process.plan.Argument.number;
import static io.cordon.process.plan.Argument.octal;
import static io.cordon.process.plan.Argument.text;
import static java.nio.charset.StandardCharsets.US_ASCII;

import io.cordon.process.kernel.Errno;
import io.cordon.process.plan.Argument.Slot;
import io.cordon.process.plan.Block;
import io.cordon.process.plan.LaunchPlan;
import io.cordon.process.plan.PlanBuilder;
import io.cordon.process.plan.Report;
import io.cordon.process.plan.Step;
import io.cordon.process.plan.Step.Label;
import io.cordon.vm.agent.OrderListener;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** What somebody could do who has become root of a guest: orders that are followed there. */
final class GuestAttack implements OrderListener {
  private static final int KEPT_CONTROL = 300; // as AgentInit keeps it
  private static final int CONTENT = 99;
  private static final int SAID = 260;
  private static final int BLKROSET = 0x125d; // linux/fs.h

  private final LaunchPlan plan;
  private volatile String said = "";
  private final List<String> failed = new ArrayList<>();
  private final CompletableFuture<List<String>> end = new CompletableFuture<>();

  private GuestAttack(LaunchPlan plan) {
    this.plan = plan;
  }

  /** Orders it; completes with the steps that failed and their error numbers. */
  static CompletableFuture<List<String>> order(VmCell cell, LaunchPlan plan) {
    GuestAttack attack = new GuestAttack(plan);
    cell.machine().agent().run(plan, List.of(), attack);
    return attack.end;
  }

  /** What root of the guest reads in a file, up to some hundred bytes. */
  static CompletableFuture<String> ask(VmCell cell, String path) {
    PlanBuilder plan = new PlanBuilder();
    Slot file =
        plan.ask(
            "open", "openat", flags(AT_FDCWD), text(path), flags(O_RDONLY, O_CLOEXEC), number(0));
    Block said = Block.zeros("content", SAID);
    plan.add(CONTENT, said, 0);
    plan.call("read", "read", file, said.address(4), number(SAID - 4L));
    plan.call(
        "say",
        "sendto",
        number(LaunchPlan.CHANNEL),
        said.address(),
        number(SAID),
        number(0),
        number(0),
        number(0));
    GuestAttack attack = new GuestAttack(end(plan));
    cell.machine().agent().run(attack.plan, List.of(), attack);
    return attack.end.thenApply(failed -> attack.said.strip());
  }

  /** Panics the kernel. */
  static LaunchPlan panic() {
    return write("/proc/sysrq-trigger", "c");
  }

  /** Writes to a file of the guest. */
  static LaunchPlan write(String path, String content) {
    PlanBuilder plan = new PlanBuilder();
    Slot file =
        plan.ask(
            "open", "openat", flags(AT_FDCWD), text(path), flags(O_WRONLY, O_CLOEXEC), number(0));
    plan.call("write", "write", file, text(content), number(content.length()));
    return end(plan);
  }

  /** Reads a file. */
  static LaunchPlan read(String path) {
    PlanBuilder plan = new PlanBuilder();
    Slot file =
        plan.ask(
            "open", "openat", flags(AT_FDCWD), text(path), flags(O_RDONLY, O_CLOEXEC), number(0));
    plan.call("read", "read", file, Block.zeros("content", 512).address(), number(512));
    return end(plan);
  }

  /** Writes the same for ever. */
  static LaunchPlan flood(String path, String content) {
    PlanBuilder plan = new PlanBuilder();
    Slot file =
        plan.ask(
            "open", "openat", flags(AT_FDCWD), text(path), flags(O_WRONLY, O_CLOEXEC), number(0));
    Label again = new Label("again");
    plan.mark(again);
    plan.attempt("write", "write", file, text(content), number(content.length()));
    plan.go(again);
    return plan.build();
  }

  /** Says on the control port what is no record: by the descriptor of the guest's first process. */
  static LaunchPlan nonsense() {
    PlanBuilder plan = new PlanBuilder();
    Slot init = plan.ask("the first process", "pidfd_open", number(1), number(0));
    Slot control = plan.ask("its port", "pidfd_getfd", init, number(KEPT_CONTROL), number(0));
    plan.call("write", "write", control, text("x".repeat(4096)), number(4096));
    return end(plan);
  }

  /** Fills every file system in memory, which nobody can be killed for. */
  static LaunchPlan hoard() {
    PlanBuilder plan = new PlanBuilder();
    Block much = Block.zeros("much", 64 << 10);
    for (String path : List.of("/run/hoard", "/tmp/hoard", "/dev/shm/hoard")) {
      Slot file =
          plan.ask(
              "open",
              "openat",
              flags(AT_FDCWD),
              text(path),
              flags(O_WRONLY, O_CREAT, O_CLOEXEC),
              octal(0600));
      Label again = new Label("again-" + path);
      Label full = new Label("full-" + path);
      Label more = new Label("more-" + path);
      plan.mark(again);
      Slot written = plan.tried("fill", "write", file, much.address(), number(much.size()));
      plan.goUnlessFailed(written, more);
      plan.go(full);
      plan.mark(more);
      plan.go(again);
      plan.mark(full);
    }
    return end(plan);
  }

  /** Takes the write protection off a disk, as far as the guest has a say in it; then writes. */
  static LaunchPlan unprotectAndWrite(String disk, String content) {
    PlanBuilder plan = new PlanBuilder();
    Slot reading =
        plan.ask(
            "read", "openat", flags(AT_FDCWD), text(disk), flags(O_RDONLY, O_CLOEXEC), number(0));
    Block writable = Block.of("not read-only").u32(0).build();
    plan.attempt("unprotect", "ioctl", reading, number(BLKROSET), writable.address());
    Slot file =
        plan.ask(
            "open", "openat", flags(AT_FDCWD), text(disk), flags(O_RDWR, O_CLOEXEC), number(0));
    plan.call("write", "write", file, text(content), number(content.length()));
    plan.call("flush", "fsync", file);
    return end(plan);
  }

  private static LaunchPlan end(PlanBuilder plan) {
    plan.call("end", "exit_group", number(0));
    return plan.build();
  }

  @Override
  public void report(ByteBuffer message) {
    if (Report.read(message).orElse(null) instanceof Report.Failed(int step, int errno)) {
      failed.add(plan.find(step).map(Step.Call::name).orElse("?") + ": " + Errno.nameOf(errno));
    } else if (message.remaining() == SAID && message.getInt(0) == CONTENT) {
      byte[] text = new byte[SAID - 4];
      message.get(4, text);
      said = new String(text, US_ASCII).replace("\0", "");
    }
  }

  @Override
  public void ended() {
    end.complete(List.copyOf(failed));
  }

  @Override
  public void lost(String reason) {
    end.completeExceptionally(new GuestLostException(reason));
  }
}
