package io.cordon.process;

import static io.cordon.process.kernel.AtFlag.AT_FDCWD;
import static io.cordon.process.kernel.CloneFlag.CLONE_VFORK;
import static io.cordon.process.kernel.OpenFlag.O_CLOEXEC;
import static io.cordon.process.kernel.OpenFlag.O_DIRECTORY;
import static io.cordon.process.kernel.OpenFlag.O_PATH;
import static io.cordon.process.kernel.Signal.SIGCHLD;
import static io.cordon.process.plan.Argument.flags;
import static io.cordon.process.plan.Argument.number;
import static io.cordon.process.plan.Argument.text;
import static org.assertj.core.api.Assertions.assertThat;

import io.cordon.process.Supervisor.Launched;
import io.cordon.process.kernel.Errno;
import io.cordon.process.kernel.Kernel;
import io.cordon.process.kernel.PrctlOption;
import io.cordon.process.plan.Architecture;
import io.cordon.process.plan.Argument.Slot;
import io.cordon.process.plan.Block;
import io.cordon.process.plan.PlanBuilder;
import io.cordon.process.plan.Report;
import io.cordon.process.plan.Step.Label;
import io.cordon.process.seccomp.Profile;
import io.cordon.process.seccomp.SeccompFilter;
import io.cordon.sandbox.spi.CellExit;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What becomes of a launch whose processes are gone, by the last that they said. */
@Timeout(60)
class SupervisorIT {
  private static final Architecture ARCHITECTURE = Architecture.of("amd64").orElseThrow();
  private static final Host HOST = new Host(0, 0, 0, false, 0, Map.of());
  private static final Optional<Execution> NOTHING = Optional.empty();

  @TempDir Path cache;
  @TempDir Path work;

  /** It may have filled its memory, and had all of its cell killed, before init could speak. */
  @Test
  void whoDiesOnceItIsReadyMayHaveBeenTheProgram() throws IOException {
    Path real = work.toRealPath();
    run(
        plan -> becomeReady(plan, NOTHING),
        supervisor -> {
          assertThat(supervisor.launched().join())
              .isInstanceOfSatisfying(
                  Launched.Executing.class,
                  executing -> {
                    try (var directory = executing.workingDirectory()) {
                      assertThat(Path.of("/proc/self/fd/" + directory.number()))
                          .satisfies(held -> assertThat(held.toRealPath()).isEqualTo(real));
                    }
                  });
          assertThat(supervisor.ended().join().exit()).isEqualTo(new CellExit.Killed());
        });
    assertThat(heldDescriptors(real)).isZero();
  }

  @Test
  void whoDiesBeforeWasNeverTheProgram() throws IOException {
    run(
        plan -> plan.call("the end", "exit_group", number(0)),
        supervisor -> assertThat(supervisor.launched().join()).isEqualTo(new Launched.Died(0)));
  }

  @Test
  void aProgramThatCanNotBeExecutedWasReadyInVain() throws IOException {
    Path real = work.toRealPath();
    Execution missing =
        new Execution("/no/such/program", List.of("program"), Map.of(), Host.UNLIMITED);
    run(
        plan -> becomeReady(plan, Optional.of(missing)),
        supervisor ->
            assertThat(supervisor.launched().join())
                .isInstanceOfSatisfying(
                    Launched.Failed.class,
                    failed -> assertThat(failed.errno()).isEqualTo((int) Errno.ENOENT.value())));
    assertThat(heldDescriptors(real)).isZero();
  }

  /** The second time there is nothing to hand over any more, and what was is another's. */
  @Test
  void isExecutingOnceHoweverOftenItIsSaid() throws IOException {
    Path real = work.toRealPath();
    Block executing = Block.of("report: executing").u32(Report.EXECUTING).build();
    run(
        plan -> {
          Workload workload = workload(plan, NOTHING);
          Slot directory = openWork(plan);
          workload.sayThatItIsReady(directory);
          plan.report("executing", executing).report("executing again", executing);
          workload.sayThatItIsReady(directory);
          plan.report("executing", executing).call("the end", "exit_group", number(0));
        },
        supervisor -> {
          assertThat(supervisor.ended().join().exit()).isEqualTo(new CellExit.Killed());
          assertThat(supervisor.launched().join())
              .isInstanceOfSatisfying(
                  Launched.Executing.class,
                  launched -> {
                    assertThat(heldDescriptors(real)).isEqualTo(1);
                    launched.workingDirectory().close();
                  });
        });
    assertThat(heldDescriptors(real)).isZero();
  }

  /** All that a workload does but for its program, below a parent that says nothing at its end. */
  private void becomeReady(PlanBuilder plan, Optional<Execution> execution) {
    Label child = new Label("workload");
    plan.fork("start the workload", flags(CLONE_VFORK, SIGCHLD), child);
    plan.call("the end", "exit_group", number(0));
    plan.mark(child);
    Workload workload = workload(plan, execution);
    plan.call(
        "no new privileges",
        "prctl",
        flags(PrctlOption.PR_SET_NO_NEW_PRIVS),
        number(1),
        number(0),
        number(0),
        number(0));
    SeccompFilter filter = new SeccompFilter(Profile.COMMAND, ARCHITECTURE);
    workload.confine(filter, 0, openWork(plan));
    workload.execute();
  }

  private Slot openWork(PlanBuilder plan) {
    return plan.ask(
        "open the working directory",
        "openat",
        flags(AT_FDCWD),
        text(work.toString()),
        flags(O_PATH, O_DIRECTORY, O_CLOEXEC),
        number(0));
  }

  private static Workload workload(PlanBuilder plan, Optional<Execution> execution) {
    CellView view = new CellView(new FileTree(), execution, Profile.COMMAND);
    return new Workload(plan, HOST, view, CellRun.LIMITS);
  }

  private void run(Consumer<PlanBuilder> steps, Consumer<Supervisor> verdict) {
    try (SupervisorThreads threads = new SupervisorThreads();
        Resources resources = new Resources()) {
      PlanBuilder plan = new PlanBuilder();
      steps.accept(plan);
      Supervisor supervisor =
          workshopOf(threads)
              .run("cordon-test", plan.build(), List.of(), List.of(), pid -> {}, resources)
              .supervisor();
      verdict.accept(supervisor);
      supervisor.ended().join();
    }
  }

  private Workshop workshopOf(SupervisorThreads threads) {
    return new Workshop(Kernel.bind(ARCHITECTURE.systemCalls()), ARCHITECTURE, cache, threads);
  }

  private static long heldDescriptors(Path directory) {
    try (Stream<Path> open = Files.list(Path.of("/proc/self/fd"))) {
      return open.filter(
              held -> {
                try {
                  return Files.readSymbolicLink(held).equals(directory);
                } catch (IOException closed) {
                  return false;
                }
              })
          .count();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }
}
