package io.cordon.vm;

import static org.assertj.core.api.Assertions.assertThat;

import io.cordon.vm.guest.GuestKernels;
import io.cordon.vm.guest.GuestProgram;
import io.cordon.vm.guest.RootTree;
import io.cordon.vm.harness.GuestFiles;
import io.cordon.vm.harness.TestGuest;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/**
 * The process strategy's own tests, inside guests: on other kernels than the host's, with pure
 * control groups of version 2, as root and as an ordinary user with a delegated group.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class KernelMatrixIT {
  private static final String NEWER = "linux-image-6.12-cloud-amd64";
  private static final Duration PATIENCE = Duration.ofMinutes(15);
  private static final int MEMORY_MIB = 2048;

  // What is compiled twice is compiled slowly by an emulated processor.
  private static final List<String> SMALL = List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1");

  /** What a host without groups to write to is told: in these guests there are some. */
  private static final String NO_GROUPS = "needs control groups that can be written";

  /** What version 2 holds cells to, and how. */
  private static final List<String> GROUPS =
      List.of(
          "io.cordon.process.quota.CgroupV2OnTheRealTreeIT",
          "io.cordon.process.quota.CpuLimitThrottlesIT",
          "io.cordon.process.quota.DetectionOnThisHostIT",
          "io.cordon.process.quota.KernelTellsOfEventsIT",
          "io.cordon.process.quota.KillReachesEverybodyIT",
          "io.cordon.process.quota.MemoryLimitKillsTheWholeGroupIT",
          "io.cordon.process.quota.NothingIsLeftBehindIT",
          "io.cordon.process.quota.OrphansOfADeadJvmIT",
          "io.cordon.process.quota.PausedCellIT",
          "io.cordon.process.quota.PidsLimitDeniesForkIT",
          "io.cordon.process.quota.ResizedCellIT",
          "io.cordon.process.quota.TenantTotalHoldsIT",
          "io.cordon.process.quota.TunedCellIT");

  /** Every limit, from the policy file to the outcome. */
  private static final List<String> LIMITS =
      List.of("io.cordon.conformance.ProcessLimitsConformanceIT");

  /** Of these, the tests that have a JVM inside a cell: slow to start here. */
  private static final String NO_WORKERS = "--exclude-tag=worker";

  /** How cells are confined, and end. */
  private static final List<String> CELLS =
      List.of(
          "io.cordon.process.BornInItsGroupIT",
          "io.cordon.process.CellExitIT",
          "io.cordon.process.ConfinementIT",
          "io.cordon.process.HostDeathIT",
          "io.cordon.process.HostReportIT",
          "io.cordon.process.LaunchFailureIT",
          "io.cordon.process.SystemCallsInCellIT",
          "io.cordon.process.WorkingDirectoryIT",
          "io.cordon.attacks.ProcessBombAttacksIT");

  /** Attack 49 with its controls. */
  private static final List<String> SWAP =
      Stream.of(
              "whatIsToBeSwappedOutCountsTowardsMemoryMax",
              "theControlIsSwappedOut",
              "whoMaySwapMeetsNoLimit")
          .map(test -> "--include-methodname=.*#" + test + "$")
          .toList();

  /** Has a disk of compressed memory swapped to, and goes on as another command. */
  private static final String WITH_SWAP =
      """
      set -e
      echo 512M > /sys/block/zram0/disksize
      mkswap /dev/zram0
      swapon /dev/zram0
      exec "$@"
      """;

  private RootTree root;
  private GuestFiles.JavaCommand java;

  @BeforeAll
  void prepare() throws IOException {
    root = GuestFiles.addJava(GuestFiles.base());
    GuestFiles.addPackages(root, GuestFiles.usualPackages());
    GuestFiles.addPackages(root, List.of("bash", "libc-bin")); // for the suites' tools
    GuestFiles.addPackages(root, List.of("mount")); // has swapon
    String classPath = GuestFiles.addClassPath(root, GuestFiles.ownClassPath());
    java = GuestFiles.java(classPath, SMALL);
  }

  @Test
  void rootIsConfinedAndHeldByGroupsOfVersion2() {
    assertPass(GuestKernels.CLOUD, program(Stream.concat(GROUPS.stream(), CELLS.stream())));
  }

  @Test
  void ordinaryUserIsHeldBelowADelegatedGroup() {
    assertPass(GuestKernels.CLOUD, program(GROUPS.stream()).as(new GuestProgram.User(1000)));
  }

  @Test
  void ordinaryUserIsHeldOnANewerKernel() {
    assertPass(NEWER, program(GROUPS.stream()).as(new GuestProgram.User(1000)));
  }

  @Test
  void everyLimitOfRootsCellsIsHeldAndNamed() {
    assertPass(GuestKernels.CLOUD, program(LIMITS.stream()));
  }

  @Test
  void everyLimitOfAnOrdinaryUsersCellsIsHeldAndNamed() {
    assertPass(GuestKernels.CLOUD, program(LIMITS.stream()).as(new GuestProgram.User(1000)));
  }

  @Test
  void everyLimitIsHeldAndNamedOnANewerKernel() {
    assertPass(NEWER, program(LIMITS.stream()).as(new GuestProgram.User(1000)));
  }

  @Test
  void nothingHidesInSwapWhereThereIsSome() {
    List<String> command = new ArrayList<>(List.of("/bin/sh", "-c", WITH_SWAP, "sh"));
    List<String> selectors = new ArrayList<>(SWAP);
    selectors.add("--select-class=io.cordon.attacks.ProcessBombAttacksIT");
    command.addAll(java.junit(selectors.toArray(String[]::new)));
    GuestProgram program = GuestProgram.asRoot(command, GuestFiles.ENVIRONMENT);

    TestGuest.Run run = pass(GuestKernels.CLOUD, program.with("lzo_rle", "zram"));

    assertThat(run.output()).contains("[         3 tests successful");
  }

  private GuestProgram program(Stream<String> tests) {
    String[] selectors =
        Stream.concat(tests.map(name -> "--select-class=" + name), Stream.of(NO_WORKERS))
            .toArray(String[]::new);
    return GuestProgram.asRoot(java.junit(selectors), GuestFiles.ENVIRONMENT);
  }

  private void assertPass(String kernel, GuestProgram program) {
    pass(kernel, program);
  }

  private TestGuest.Run pass(String kernel, GuestProgram program) {
    TestGuest guest = TestGuest.onKernel(kernel);
    TestGuest.Run run = guest.echoingTo(System.out).run(root, program, MEMORY_MIB, PATIENCE);
    assertThat(run.exitStatus()).isZero();
    assertThat(run.output()).contains("[         0 tests failed").doesNotContain(NO_GROUPS);
    return run;
  }
}
