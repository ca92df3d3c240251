package io.cordon.conformance;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.cordon.conformance.contract.Warehouse;
import io.cordon.harness.Keeper;
import io.cordon.harness.KernelGroups;
import io.cordon.harness.OutcomeAssert;
import io.cordon.harness.PolicyFolder;
import io.cordon.harness.ProcessUnderTest;
import io.cordon.leaks.NothingLeftBehind;
import io.cordon.policy.Limit;
import io.cordon.policy.PolicyProblem;
import io.cordon.sandbox.Command;
import io.cordon.sandbox.ErrorCode;
import io.cordon.sandbox.Exit;
import io.cordon.sandbox.OutcomeException;
import io.cordon.sandbox.Plugin;
import io.cordon.sandbox.Quota;
import io.cordon.sandbox.Sandbox;
import io.cordon.sandbox.SandboxEvent;
import io.cordon.sandbox.SandboxEvent.PolicyChanged;
import io.cordon.sandbox.SandboxEvent.PolicyRejected;
import io.cordon.sandbox.Sandboxes;
import io.cordon.sandbox.TaskHandle;
import io.cordon.sandbox.Tenant;
import io.cordon.sandbox.Trip;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** A policy file is changed while its tenant's code runs, and the kernel knows. */
@ExtendWith({NothingLeftBehind.class, ShelfPlugin.class})
@Timeout(180)
class PolicyReloadIT {
  private static final long MIB = 1 << 20;
  private static final String ROOMY = "{ memory.max: 192Mi, cpu.max: 1, pids.max: 128 }";

  /** Takes so many MiB, says so, and takes more with each line that it is told. */
  private static final String TAKES_MORE =
      """
      import time
      hoard = [b'x' * (48 << 20)]
      print('up', flush=True)
      while True:
          input()
          for _ in range(64):
              hoard.append(b'x' * (1 << 20))
              time.sleep(0.005)
          print('more', flush=True)
      """;

  @TempDir private Path directory;

  private final BlockingQueue<SandboxEvent> events = new LinkedBlockingQueue<>();
  private Sandboxes sandboxes;
  private Tenant acme;

  @BeforeEach
  void open() throws IOException {
    ProcessUnderTest process = new ProcessUnderTest();
    PolicyFolder.in(directory, process);
    write("sandbox: " + ROOMY);
    sandboxes =
        Sandboxes.builder(directory)
            .cache(process.cache())
            .listener(
                event -> {
                  if (event instanceof SandboxEvent.OfPolicy) {
                    events.add(event);
                  }
                })
            .open();
    acme = sandboxes.tenant("acme");
  }

  @AfterEach
  void close() {
    sandboxes.close();
  }

  /** As editors do: a new file takes the place of the old one. */
  private void write(String lines) throws IOException {
    Path made = Files.writeString(directory.resolve(".next"), "tenant: acme\n" + lines + "\n");
    Files.move(made, directory.resolve("acme.yaml"), StandardCopyOption.ATOMIC_MOVE);
  }

  private PolicyChanged change(String lines) throws Exception {
    write(lines);
    return (PolicyChanged) events.take();
  }

  private static boolean kernelHolds(Sandbox box) {
    return box.isolation().tier().startsWith("cgroup");
  }

  private void assumeKernelHolds() {
    assumeTrue(
        sandboxes.host().strategies().stream().anyMatch(it -> it.tier().startsWith("cgroup")),
        "needs control groups that can be written: without them no total is put into force");
  }

  @Test
  void aRunningSandboxHasTheNewLimits(Plugin plugin) throws Exception {
    try (Sandbox box = acme.open(plugin)) {
      Warehouse warehouse = box.service(Warehouse.class);
      assertThat(box.quota()).isEqualTo(new Quota(1000, 192 * MIB, 128));

      PolicyChanged changed =
          change("sandbox: { memory.max: 160Mi, cpu.max: 500m, pids.max: 99, cpu.weight: 50 }");

      assertThat(acme.policy()).isEqualTo(changed.policy());
      assertThat(warehouse.echo("there")).isEqualTo("there");
      if (kernelHolds(box)) {
        assertThat(changed.pending()).isEmpty();
        assertThat(box.quota()).isEqualTo(new Quota(500, 160 * MIB, 99));
        assertThat(memoryOf(box)).isEqualTo("" + 160 * MIB);
        assertThat(KernelGroups.ofSandbox(box.name(), "pids.max", "pids.max")).isEqualTo("99");
        assertThat(KernelGroups.ofSandbox(box.name(), "cpu.cfs_quota_us", "cpu.max"))
            .startsWith("50000");
        assertThat(KernelGroups.ofSandbox(box.name(), "cpu.shares", "cpu.weight"))
            .isIn("512", "50");
      } else {
        assertThat(changed.pending())
            .hasSize(3)
            .allSatisfy(
                pending -> {
                  assertThat(pending.sandbox()).contains(box.name());
                  assertThat(pending.code()).isEqualTo(ErrorCode.NOT_LIVE);
                });
        assertThat(box.quota()).isEqualTo(new Quota(1000, 160 * MIB, 128));
      }
    }
  }

  @Test
  void whatTheApplicationShrankIsNotEnlargedAndItsCeilingIsTheNewPolicy(Plugin plugin)
      throws Exception {
    try (Sandbox box = acme.open(plugin)) {
      box.resize(quota -> quota.memory("176Mi"));

      change("sandbox: { memory.max: 256Mi, cpu.max: 1, pids.max: 128 }");
      assertThat(box.quota().memoryBytes()).isEqualTo(176 * MIB);

      box.resize(quota -> quota.memory("240Mi"));
      assertThat(box.quota().memoryBytes()).isEqualTo(240 * MIB);
      if (kernelHolds(box)) {
        assertThat(memoryOf(box)).isEqualTo("" + 240 * MIB);
      }
    }
  }

  private static String memoryOf(Sandbox box) {
    return KernelGroups.ofSandbox(box.name(), "memory.limit_in_bytes", "memory.max");
  }

  @Test
  void aLimitThatIsInUseIsToldAndTriedAgainAtTheNextChange(Plugin plugin) throws Exception {
    try (Sandbox box = acme.open(plugin)) {
      assumeTrue(kernelHolds(box), "needs control groups that can be written");
      box.service(Warehouse.class);

      PolicyChanged changed = change("sandbox: { memory.max: 16Mi, cpu.max: 500m, pids.max: 128 }");
      assertThat(changed.pending())
          .singleElement()
          .satisfies(
              pending -> {
                assertThat(pending.sandbox()).contains(box.name());
                assertThat(pending.code()).isEqualTo(ErrorCode.LIMIT_IN_USE);
                assertThat(pending.reason()).contains("16Mi");
              });
      assertThat(box.quota()).isEqualTo(new Quota(500, 192 * MIB, 128));

      assertThat(change("sandbox: { memory.max: 176Mi, cpu.max: 500m, pids.max: 128 }").pending())
          .isEmpty();
      assertThat(memoryOf(box)).isEqualTo("" + 176 * MIB);
    }
  }

  @Test
  void theNextCallIsHeldToTheNewTaskLimits(Plugin plugin) throws Exception {
    try (Sandbox box = acme.open(plugin)) {
      Warehouse warehouse = box.service(Warehouse.class);

      change("sandbox: " + ROOMY + "\ntask: { wall.max: 300ms }");

      OutcomeException failure = catchThrowableOfType(OutcomeException.class, warehouse::spin);
      assertThat(OutcomeAssert.assertThat(failure.outcome()).exceeded(Limit.WALL).allowed())
          .isEqualTo(300_000_000);
    }
  }

  @Test
  void aStrongerIsolationHoldsForWhatIsOpenedNextAndSaysSo(Plugin plugin) throws Exception {
    try (Sandbox box = acme.open(plugin)) {
      Warehouse warehouse = box.service(Warehouse.class);

      PolicyChanged changed = change("sandbox: " + ROOMY + "\nisolation: { strategy: vm }");

      assertThat(changed.pending())
          .singleElement()
          .satisfies(
              pending -> {
                assertThat(pending.sandbox()).contains(box.name());
                assertThat(pending.code()).isEqualTo(ErrorCode.NOT_LIVE);
              });
      assertThat(warehouse.echo("still there")).isEqualTo("still there");
      OutcomeAssert.assertThat(acme.submit(Command.of("true")).outcome())
          .refused(ErrorCode.STRATEGY_MISSING);
    }
  }

  @Test
  void aTotalHoldsForWhatRunsAlreadyAndTheVerdictHasItsNewValue() throws Exception {
    assumeKernelHolds();
    TaskHandle<Exit> task = acme.submit(python(TAKES_MORE));
    assertThat(Keeper.nextLine(task)).isEqualTo("up");

    PolicyChanged changed =
        change("sandbox: " + ROOMY + "\nlimits: { memory.max: 96Mi, pids.max: 24, cpu.max: 250m }");

    assertThat(changed.pending()).isEmpty();
    assertThat(KernelGroups.ofTenant("acme", "memory.limit_in_bytes", "memory.max"))
        .isEqualTo("" + 96 * MIB);
    assertThat(KernelGroups.ofTenant("acme", "pids.max", "pids.max")).isEqualTo("24");
    assertThat(KernelGroups.ofTenant("acme", "cpu.cfs_quota_us", "cpu.max")).startsWith("25000");
    say(task);
    Trip trip = OutcomeAssert.assertThat(task.outcome()).exceeded(Limit.TENANT_MEMORY);
    assertThat(trip.allowed()).isEqualTo(96 * MIB);
  }

  @Test
  void aTotalThatIsLiftedLetsWhatRunsHaveMore() throws Exception {
    assumeKernelHolds();
    change("sandbox: " + ROOMY + "\nlimits: { memory.max: 96Mi, cpu.max: 500m }");
    TaskHandle<Exit> task = acme.submit(python(TAKES_MORE));
    assertThat(Keeper.nextLine(task)).isEqualTo("up");

    change("sandbox: " + ROOMY);

    say(task);
    assertThat(Keeper.nextLine(task)).isEqualTo("more");
    assertThat(KernelGroups.ofTenant("acme", "cpu.cfs_quota_us", "cpu.max")).matches("-1|max.*");
    task.cancel();
    OutcomeAssert.assertThat(task.outcome()).cancelled();
  }

  @Test
  void aTotalBelowWhatIsInUseIsPendingAndNothingMoreBeginsUntilItHolds() throws Exception {
    assumeKernelHolds();
    TaskHandle<Exit> task = acme.submit(python(TAKES_MORE));
    assertThat(Keeper.nextLine(task)).isEqualTo("up");

    PolicyChanged changed =
        change("sandbox: " + ROOMY + "\nlimits: { memory.max: 24Mi, pids.max: 24 }");

    assertThat(changed.pending())
        .singleElement()
        .satisfies(
            pending -> {
              assertThat(pending.sandbox()).isEmpty();
              assertThat(pending.code()).isEqualTo(ErrorCode.LIMIT_IN_USE);
              assertThat(pending.reason()).contains("acme", "memory.max", "24Mi");
            });
    assertThat(KernelGroups.ofTenant("acme", "pids.max", "pids.max")).isEqualTo("24");
    OutcomeAssert.assertThat(acme.submit(Command.of("true")).outcome())
        .refused(ErrorCode.LIMIT_IN_USE);
    assertThat(task.result()).isNotDone();

    task.cancel();
    OutcomeAssert.assertThat(task.outcome()).cancelled();
    OutcomeAssert.assertThat(acme.submit(Command.of("true")).outcome()).succeeded();
    assertThat(KernelGroups.ofTenant("acme", "memory.limit_in_bytes", "memory.max"))
        .isEqualTo("" + 24 * MIB);
  }

  @Test
  void whatWaitsBeginsWhenThePolicyLetsIt() throws Exception {
    change(
        "sandbox: "
            + ROOMY
            + "\nlimits: { tasks.concurrent: 1, tasks.queue: { max: 10, wait: 10min } }");
    TaskHandle<Exit> first = acme.submit(Command.of("sleep", "1000"));
    TaskHandle<Exit> second = acme.submit(Command.of("true"));
    assertThat(second.result()).isNotDone();

    change("sandbox: " + ROOMY + "\nlimits: { tasks.concurrent: 2 }");

    OutcomeAssert.assertThat(second.outcome()).succeeded();
    assertThat(first.result()).isNotDone();
    TaskHandle<Exit> third = acme.submit(Command.of("sleep", "1000"));
    OutcomeAssert.assertThat(acme.submit(Command.of("true")).outcome())
        .refused(ErrorCode.TOO_MANY_TASKS);
    first.cancel();
    third.cancel();
  }

  @Test
  void aFileThatIsBrokenOrGoneLeavesTheLastGoodPolicy(Plugin plugin) throws Exception {
    try (Sandbox box = acme.open(plugin)) {
      write("sandbox: { memory.max: lots }");
      assertThat(((PolicyRejected) events.take()).problems())
          .singleElement()
          .satisfies(problem -> assertThat(problem.line()).isEqualTo(2));
      Files.delete(directory.resolve("acme.yaml"));
      assertThat(((PolicyRejected) events.take()).problems())
          .extracting(PolicyProblem::code)
          .containsExactly(PolicyProblem.Code.UNKNOWN_TENANT);

      assertThat(box.quota()).isEqualTo(new Quota(1000, 192 * MIB, 128));
      OutcomeAssert.assertThat(acme.submit(Command.of("true")).outcome()).succeeded();
      assertThat(change("sandbox: " + ROOMY).pending()).isEmpty();
      assertThat(events).isEmpty();
    }
  }

  @Test
  void theCeilingReachesEveryTenantsSandboxes(Plugin plugin) throws Exception {
    try (Sandbox box = acme.open(plugin)) {
      Files.writeString(directory.resolve(".next"), "sandbox: { memory.max: 160Mi }\n");
      Files.move(directory.resolve(".next"), directory.resolve("ceiling.yaml"));

      assertThat(((PolicyChanged) events.take()).pending()).isEmpty();
      assertThat(box.quota().memoryBytes()).isEqualTo(160 * MIB);
    }
  }

  private static Command python(String program) {
    return Command.of("python3", "-c", program)
        .stdin(new Command.Input.Stream())
        .stdout(Command.Output.STREAM);
  }

  private static void say(TaskHandle<?> task) throws IOException {
    task.stdin().write("go\n".getBytes(UTF_8));
    task.stdin().flush();
  }
}
