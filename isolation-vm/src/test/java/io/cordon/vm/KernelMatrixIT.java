package io.cordon.vm;

import static org.assertj.core.api.Assertions.assertThat;

import io.cordon.vm.guest.GuestKernels;
import io.cordon.vm.guest.GuestProgram;
import io.cordon.vm.guest.RootTree;
import io.cordon.vm.harness.GuestFiles;
import io.cordon.vm.harness.TestGuest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/**
 * The process strategy's own tests, inside guests: on another kernel than the host's, with pure
 * control groups of version 2, as root and as an ordinary user with a delegated group.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class KernelMatrixIT {
  private static final Duration PATIENCE = Duration.ofMinutes(9);
  private static final int MEMORY_MIB = 2048;
  private static final List<String> SMALL = List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1");

  private static final List<String> PROGRAMS =
      List.of(
          "bash",
          "cat",
          "env",
          "false",
          "head",
          "id",
          "kill",
          "ln",
          "ls",
          "mkfifo",
          "mount",
          "mv",
          "python3",
          "readlink",
          "rm",
          "seq",
          "setsid",
          "sh",
          "sleep",
          "stat",
          "tail",
          "touch",
          "true",
          "truncate",
          "uname",
          "unshare",
          "yes",
          "dd",
          "hostname",
          "ps",
          "grep",
          "sed",
          "mkdir",
          "chmod",
          "tr",
          "wc",
          "timeout");

  private TestGuest guest;
  private RootTree root;
  private GuestFiles.JavaCommand java;

  @BeforeAll
  void prepare() throws IOException {
    guest = TestGuest.onKernel(GuestKernels.CLOUD);
    root = GuestFiles.addJava(GuestFiles.base());
    String classPath = GuestFiles.addClassPath(root, GuestFiles.ownClassPath());
    java = GuestFiles.java(classPath, SMALL);
    for (String name : PROGRAMS) {
      GuestFiles.addPrograms(root, Path.of("/usr/bin", name).toRealPath());
      root.mirror(Path.of("/usr/bin", name));
    }
    root.mirror(Path.of("/bin"));
    addPython();
  }

  /** Its own modules, and the libraries that some of them are linked to. */
  private void addPython() throws IOException {
    Path library =
        Path.of("/usr/lib", Path.of("/usr/bin/python3").toRealPath().getFileName().toString());
    root.mirror(library);
    try (Stream<Path> modules = Files.list(library.resolve("lib-dynload"))) {
      GuestFiles.addLibraries(root, modules.toArray(Path[]::new));
    }
  }

  /** Of what depends on the kernel and its groups; what is Java alone is tested on the host. */
  private List<String> tests() {
    return java.junit(
        Stream.of(
                "io.cordon.process.quota.CgroupV2OnTheRealTreeIT",
                "io.cordon.process.quota.CpuLimitThrottlesIT",
                "io.cordon.process.quota.DetectionOnThisHostIT",
                "io.cordon.process.quota.KillReachesEverybodyIT",
                "io.cordon.process.quota.MemoryLimitKillsTheWholeGroupIT",
                "io.cordon.process.quota.NothingIsLeftBehindIT",
                "io.cordon.process.quota.OrphansOfADeadJvmIT",
                "io.cordon.process.quota.PidsLimitDeniesForkIT",
                "io.cordon.process.CellExitIT",
                "io.cordon.process.ConfinementIT",
                "io.cordon.process.HostDeathIT",
                "io.cordon.process.HostReportIT",
                "io.cordon.process.LaunchFailureIT",
                "io.cordon.process.SystemCallsInCellIT",
                "io.cordon.process.WorkingDirectoryIT",
                "io.cordon.attacks.DaemonDiesWithItsGroupIT",
                "io.cordon.attacks.ForkBombMeetsPidsMaxIT",
                "io.cordon.attacks.MemoryBombKillsTheWholeGroupIT")
            .map(name -> "--select-class=" + name)
            .toArray(String[]::new));
  }

  @Test
  void rootIsConfinedAndHeldByGroupsOfVersion2() {
    TestGuest.Run run = guest.echoingTo(System.out).run(root, tests(), MEMORY_MIB, PATIENCE);
    assertThat(run.exitStatus()).isZero();
  }

  @Test
  void ordinaryUserIsConfinedAndHeldBelowADelegatedGroup() {
    GuestProgram program =
        GuestProgram.asRoot(tests(), GuestFiles.ENVIRONMENT).as(new GuestProgram.User(1000));
    TestGuest.Run run = guest.echoingTo(System.out).run(root, program, MEMORY_MIB, PATIENCE);
    assertThat(run.exitStatus()).isZero();
  }
}
