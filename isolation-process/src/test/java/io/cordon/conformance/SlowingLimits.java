package io.cordon.conformance;

import static io.cordon.harness.OutcomeAssert.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import io.cordon.harness.Eventually;
import io.cordon.harness.HeldLimits;
import io.cordon.harness.Keeper;
import io.cordon.harness.PlainProcess;
import io.cordon.harness.PolicyFolder;
import io.cordon.harness.Ran;
import io.cordon.harness.StrategyUnderTest;
import io.cordon.harness.TenantGroups;
import io.cordon.harness.TenantPolicy;
import io.cordon.harness.Tools;
import io.cordon.sandbox.Command;
import io.cordon.sandbox.Exit;
import io.cordon.sandbox.Sandboxes;
import io.cordon.sandbox.TaskHandle;
import io.cordon.sandbox.Tenant;
import io.cordon.sandbox.Usage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Limits that slow a task down, or say where it runs: they end nothing, and are never silently
 * missing. What the kernel was told is read from its own files; what it did of it, from its
 * counters.
 */
@TenantPolicy(
    name = "slowed",
    value =
        """
        tenant: slowed
        sandbox: { cpu.max: 250m }
        """)
@TenantPolicy(
    name = "tuned",
    value =
        """
        tenant: tuned
        sandbox:
          memory.max: 64Mi
          cpu.weight: 50
          cpuset.cpus: "0"
          memory.high: 24Mi
          memory.swap.max: 16Mi
          io.max: { rbps: 64Mi, wiops: 77 }
          io.weight: 50
          files.max: 40
        """)
@TenantPolicy(
    name = "reader",
    value =
        """
        tenant: reader
        sandbox: { io.max: { rbps: 1Mi } }
        """)
@TenantPolicy(name = "plain")
interface SlowingLimits {
  Duration AMPLE = Duration.ofSeconds(60);
  Duration PERIOD = Duration.ofMillis(100);

  /** Works until its input ends. */
  static TaskHandle<Exit> spin(Tenant tenant, Tools tools) {
    return tenant.submit(
        tools
            .command("bash", "-c", "until read -t 0; do :; done")
            .stdin(new Command.Input.Stream()));
  }

  @Test
  default void whoWantsMoreProcessorTimeThanCpuMaxIsKeptFromIt(
      Tenant slowed,
      Tools tools,
      Sandboxes sandboxes,
      PolicyFolder policies,
      StrategyUnderTest strategy)
      throws IOException {
    HeldLimits held = HeldLimits.of(sandboxes, strategy);
    // What it starts from is there now, and takes none of its time.
    assertThat(slowed.submit(tools.command("true")).outcome()).succeeded();
    long submitted = System.nanoTime();
    TaskHandle<Exit> task = spin(slowed, tools);
    if (held.holds("cgroup-cpu")) {
      Eventually.within(
          AMPLE,
          () -> throttled(task).compareTo(PERIOD.multipliedBy(2)) > 0,
          "the kernel says that it was throttled");
    }
    task.stdin().close();

    assertThat(task.outcome()).succeeded();
    Duration elapsed = Duration.ofNanos(System.nanoTime() - submitted);
    assertThat(task.events()).isEmpty();
    if (held.holds("cgroup-cpu")) {
      // A quarter of each period that it has seen, the first and the last of them perhaps in part;
      // and the millisecond a processor that the kernel hands out at a time.
      assertThat(task.usage().cpu())
          .isLessThan(elapsed.plus(PERIOD.multipliedBy(2)).dividedBy(4).plusMillis(10));
    } else {
      assertThat(task.usage().now().cpuThrottled()).isEmpty();
      held.assertTold("cgroup-cpu", task.isolation());
      held.assertRefused(
          "cgroup-cpu", "sandbox: { cpu.max: 250m }", sandboxes, policies, tools.command("true"));
    }
  }

  private static Duration throttled(TaskHandle<?> task) {
    return task.usage().now().cpuThrottled().orElse(Duration.ZERO);
  }

  @Test
  default void oneProcessorIsGivenToWhomCpuMaxGivesTwo(
      Tenant plain, Tools tools, Sandboxes sandboxes, StrategyUnderTest strategy)
      throws IOException {
    TaskHandle<Exit> task = spin(plain, tools);
    Eventually.within(
        AMPLE, () -> task.usage().cpu().compareTo(PERIOD.multipliedBy(3)) > 0, "it has worked");
    task.stdin().close();

    assertThat(task.outcome()).succeeded();
    if (HeldLimits.of(sandboxes, strategy).holds("cgroup-cpu")) {
      // Half of what it has would keep it from as much as it got; a period that the kernel begins
      // late keeps it from a part of one.
      assertThat(task.usage().now().cpuThrottled().orElseThrow()).isLessThan(PERIOD);
    }
  }

  @Test
  default void aWeightIsThatOfTheGroupAndANeighboursIsItsOwn(
      Tenant tuned,
      Tenant plain,
      Tools tools,
      Sandboxes sandboxes,
      PolicyFolder policies,
      StrategyUnderTest strategy)
      throws IOException {
    HeldLimits held = HeldLimits.of(sandboxes, strategy);
    Keeper light = Keeper.of(tuned, tools, 1);
    Keeper usual = Keeper.of(plain, tools, 1);
    if (held.holds("cgroup-cpu-weight")) {
      assertThat(TenantGroups.ofCell("tuned", "cpu.weight", "cpu.shares")).isIn("50", "512");
      assertThat(TenantGroups.ofCell("plain", "cpu.weight", "cpu.shares")).isIn("100", "1024");
    } else {
      held.assertTold("cgroup-cpu-weight", light.task().isolation());
      held.assertRefused(
          "cgroup-cpu-weight",
          "sandbox: { cpu.weight: 50 }",
          sandboxes,
          policies,
          tools.command("true"));
    }
    light.letGo();
    usual.letGo();
  }

  @Test
  default void whoMayRunOnOneProcessorRunsOnThatAlone(
      Tenant tuned,
      Tools tools,
      Sandboxes sandboxes,
      PolicyFolder policies,
      StrategyUnderTest strategy)
      throws IOException {
    HeldLimits held = HeldLimits.of(sandboxes, strategy);
    TaskHandle<Exit> task =
        tuned.submit(
            tools
                .sh(
                    """
                    while read -r key value; do
                      case $key in Cpus_allowed_list:) echo $value;; esac
                    done </proc/self/status
                    read -r end
                    true
                    """)
                .stdin(new Command.Input.Stream())
                .stdout(Command.Output.STREAM));
    String processors = Keeper.nextLine(task);
    if (held.holds("cgroup-cpuset")) {
      assertThat(processors).isEqualTo("0");
      assertThat(TenantGroups.ofCell("tuned", "cpuset.cpus")).isEqualTo("0");
    } else {
      held.assertTold("cgroup-cpuset", task.isolation());
      held.assertRefused(
          "cgroup-cpuset",
          "sandbox: { cpuset.cpus: \"0\" }",
          sandboxes,
          policies,
          tools.command("true"));
    }
    task.stdin().close();
    assertThat(task.outcome()).succeeded();
  }

  @Test
  default void whoIsAboveMemoryHighGoesOn(
      Tenant tuned,
      Tools tools,
      Sandboxes sandboxes,
      PolicyFolder policies,
      StrategyUnderTest strategy)
      throws IOException {
    HeldLimits held = HeldLimits.of(sandboxes, strategy);
    // Not far above: what can't be reclaimed is waited for the longer, the more of it there is; and
    // where its own kernel alone can tell, not above.
    int mebibytes = strategy.hasAKernelOfItsOwn() ? 1 : 24;
    Keeper keeper = Keeper.of(tuned, tools, mebibytes).awaitSeen();
    if (!held.holds("cgroup-memory-high")) {
      held.assertTold("cgroup-memory-high", keeper.task().isolation());
      held.assertRefused(
          "cgroup-memory-high",
          "sandbox: { memory.high: 24Mi }",
          sandboxes,
          policies,
          tools.command("true"));
    } else if (strategy.hasAKernelOfItsOwn()) {
      assertThat(tuned.explain(tools.command("true")).plan())
          .as("the steps in its own kernel")
          .anyMatch(step -> step.contains("set memory.high"));
    } else {
      assertThat(TenantGroups.ofCell("tuned", "memory.high")).isEqualTo("" + (24 << 20));
      assertThat(TenantGroups.ofCell("tuned", "memory.events")).doesNotContain("high 0\n");
    }
    keeper.letGo();
    assertThat(keeper.task().events()).isEmpty();
    assertThat(keeper.task().usage().memoryPeak().orElseThrow())
        .isGreaterThan((long) mebibytes << 20);
  }

  @Test
  default void nothingIsSwappedOutButWhatThePolicyAllows(
      Tenant tuned,
      Tenant plain,
      Tools tools,
      Sandboxes sandboxes,
      PolicyFolder policies,
      StrategyUnderTest strategy)
      throws IOException {
    HeldLimits held = HeldLimits.of(sandboxes, strategy);
    Keeper some = Keeper.of(tuned, tools, 1);
    Keeper none = Keeper.of(plain, tools, 1);
    if (!held.holds("cgroup-memory-swap")) {
      held.assertTold("cgroup-memory-swap", none.task().isolation());
      held.assertRefused(
          "cgroup-memory-swap",
          "sandbox: { memory.swap.max: 0 }",
          sandboxes,
          policies,
          tools.command("true"));
    } else if (held.report().tier().equals("cgroup-v2")) {
      assertThat(TenantGroups.ofCell("tuned", "memory.swap.max")).isEqualTo("" + (16 << 20));
      assertThat(TenantGroups.ofCell("plain", "memory.swap.max")).isEqualTo("0");
    } else if (held.report().tier().equals("cgroup-v1")) {
      assertThat(TenantGroups.ofCell("plain", "memory.swappiness")).isEqualTo("0");
    } else {
      assertThat(Files.readAllLines(Path.of("/proc/swaps"))).as("no swap").hasSizeLessThan(2);
    }
    some.letGo();
    none.letGo();
  }

  @Test
  default void theDisksAreToldWhatMayGoFromThemAndToThem(
      Tenant tuned,
      Tools tools,
      Sandboxes sandboxes,
      PolicyFolder policies,
      StrategyUnderTest strategy)
      throws IOException {
    HeldLimits held = HeldLimits.of(sandboxes, strategy);
    Keeper keeper = Keeper.of(tuned, tools, 1);
    if (held.holds("cgroup-io-max")) {
      String reads = TenantGroups.ofCell("tuned", "io.max", "blkio.throttle.read_bps_device");
      String writes = TenantGroups.ofCell("tuned", "io.max", "blkio.throttle.write_iops_device");
      assertThat(reads.lines()).isNotEmpty().allMatch(line -> line.contains("" + (64 << 20)));
      assertThat(writes.lines()).isNotEmpty().allMatch(line -> line.matches(".*\\b77\\b.*"));
    } else {
      held.assertTold("cgroup-io-max", keeper.task().isolation());
      held.assertRefused(
          "cgroup-io-max",
          "sandbox: { io.max: { rbps: 1Mi } }",
          sandboxes,
          policies,
          tools.command("true"));
    }
    keeper.letGo();
  }

  @Test
  default void whoReadsFasterThanIoMaxIsKeptFromIt(
      Tenant reader, Tools tools, Sandboxes sandboxes, StrategyUnderTest strategy)
      throws Exception {
    List<String> reading =
        List.of("if=" + tools.root() + Tools.DATA, "of=/dev/null", "iflag=direct", "bs=64K");
    // Files in memory take O_DIRECT too, since 6.6.
    boolean onDisk =
        !Set.of("tmpfs", "ramfs").contains(Files.getFileStore(tools.root()).type())
            && PlainProcess.run(
                        tools.root(),
                        Stream.concat(Stream.of("dd"), reading.stream()).toList(),
                        Map.of())
                    .status()
                == 0;
    long submitted = System.nanoTime();

    Ran ran =
        Ran.of(
            reader,
            tools.command("dd", "if=" + Tools.DATA, "of=/dev/null", "iflag=direct", "bs=64K"));

    assertThat(ran.outcome().report().trips()).isEmpty();
    Usage.Live usage = ran.outcome().report().usage().now();
    if (HeldLimits.of(sandboxes, strategy).holds("cgroup-io-max")
        && !strategy.hasAKernelOfItsOwn() // whose disk is in the host's memory
        && onDisk) {
      assertThat(ran.outcome()).succeeded();
      assertThat(usage.readBytes().orElseThrow())
          .as("the data, and what the host had not in its memory of dd and its libraries")
          .isBetween((long) Tools.DATA_BYTES, Tools.DATA_BYTES + (16L << 20));
      assertThat(Duration.ofNanos(System.nanoTime() - submitted))
          .as("time for 2 MiB at 1 MiB a second")
          .isGreaterThan(Duration.ofSeconds(1));
    }
  }

  @Test
  default void aWeightOfTheDisksIsThatOfTheGroupWhereASchedulerHeedsIt(
      Tenant tuned,
      Tools tools,
      Sandboxes sandboxes,
      PolicyFolder policies,
      StrategyUnderTest strategy)
      throws IOException {
    HeldLimits held = HeldLimits.of(sandboxes, strategy);
    Keeper keeper = Keeper.of(tuned, tools, 1);
    if (held.holds("cgroup-io-weight")) {
      assertThat(TenantGroups.ofCell("tuned", "io.weight", "io.bfq.weight", "blkio.bfq.weight"))
          .contains("50");
    } else {
      held.assertTold("cgroup-io-weight", keeper.task().isolation());
      held.assertRefused(
          "cgroup-io-weight",
          "sandbox: { io.weight: 50 }",
          sandboxes,
          policies,
          tools.command("true"));
    }
    keeper.letGo();
  }
}
