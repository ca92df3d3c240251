package io.cordon.samples.benchmarks;

import io.cordon.policy.SandboxLimits;
import io.cordon.process.kernel.Descriptor;
import io.cordon.process.kernel.Kernel;
import io.cordon.process.kernel.OpenFlag;
import io.cordon.process.plan.Architecture;
import io.cordon.process.plan.Argument;
import io.cordon.process.plan.Block;
import io.cordon.process.plan.Elf;
import io.cordon.process.plan.PlanBuilder;
import io.cordon.process.quota.CellQuota;
import io.cordon.process.quota.QuotaEnforcer;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Starts another sandboxing program the way a cell is started: by the same posix_spawn from the
 * same kind of thread, through a plan that joins the same control group and then executes it. What
 * differs is the isolation itself.
 */
final class Baseline {
  private static final long AT_FDCWD = -100; // linux/fcntl.h

  /** Where a program finds the file that it was given. */
  static final int GIVEN = 100;

  private final Kernel kernel;
  private final Elf elf;

  Baseline(Kernel kernel, Architecture architecture) {
    this.kernel = kernel;
    this.elf = new Elf(architecture);
  }

  /** Runs a program to its end. */
  void run(List<String> command) {
    await(spawn(command, List.of(), Optional.empty()));
  }

  /** Runs a program to its end in a control group of its own; it is given an open file. */
  void runIn(
      QuotaEnforcer quotas, String name, SandboxLimits limits, Path given, List<String> command) {
    try (CellQuota quota = quotas.open("bench", name, limits)) {
      int pid = spawn(command, quota.joinFiles(), Optional.of(given));
      quota.started(pid);
      await(pid);
    }
  }

  private int spawn(List<String> command, List<Path> joinFiles, Optional<Path> given) {
    PlanBuilder plan = new PlanBuilder();
    for (Path file : joinFiles) {
      Argument.Slot opened = open(plan, file, OpenFlag.O_WRONLY, OpenFlag.O_CLOEXEC);
      plan.call("join " + file, "write", opened, Argument.text("0"), Argument.number(1));
      plan.call("close " + file, "close", opened);
    }
    given.ifPresent(
        file -> {
          Argument.Slot opened = open(plan, file, OpenFlag.O_CLOEXEC);
          plan.call("give it", "dup3", opened, Argument.number(GIVEN), Argument.number(0));
        });
    Block.Writer arguments = Block.of("argv");
    for (String argument : command) {
      arguments.pointer(Argument.text(argument));
    }
    plan.call(
        "execute " + command.getFirst(),
        "execve",
        Argument.text(command.getFirst()),
        arguments.u64(0).build().address(),
        Block.zeros("no environment", 8).address());
    try (Descriptor program =
        kernel.moveUp(kernel.sealedProgram("cordon-baseline", elf.compile(plan.build())), 64)) {
      return kernel.spawn(program, "cordon-baseline", List.of());
    }
  }

  private static Argument.Slot open(PlanBuilder plan, Path file, OpenFlag... flags) {
    return plan.ask(
        "open " + file,
        "openat",
        Argument.number(AT_FDCWD),
        Argument.text(file.toString()),
        Argument.flags(flags));
  }

  private void await(int pid) {
    kernel.awaitDeath(pid);
    int status = kernel.reap(pid);
    if (status != 0) {
      throw new IllegalStateException(
          "the baseline ended with wait status 0x" + Integer.toHexString(status));
    }
  }
}
