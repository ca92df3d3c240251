package io.cordon.process;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.cordon.policy.SandboxLimits;
import io.cordon.process.kernel.Resource;
import io.cordon.process.plan.Architecture;
import io.cordon.process.plan.Elf;
import io.cordon.process.plan.LaunchPlan;
import io.cordon.process.seccomp.Profile;
import io.cordon.process.seccomp.SeccompFilter;
import io.cordon.sandbox.spi.CellSpec;
import io.cordon.sandbox.spi.CellSpec.InputFile;
import io.cordon.sandbox.spi.CellSpec.Program;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

/** Golden plans: {@code plan-*.txt} beside this class. */
class CellPlannerTest {
  private static final Map<Resource, Long> LIMITS = Map.of(Resource.RLIMIT_NOFILE, 4096L);
  private static final Host ROOT = new Host(0, 0, 7, true, 40, LIMITS);
  private static final Host USER_OF_OLD_KERNEL = new Host(1001, 1002, 0, false, 40, LIMITS);

  private static final CellSpec SPEC =
      new CellSpec(
          "acme",
          "cell-7",
          new Program.Native(List.of("program", "argument")),
          Map.of(),
          List.of(new InputFile("in.pdf", new byte[] {1, 2, 3})),
          new SandboxLimits(500, 256 << 20, 64, new SandboxLimits.Disk(64 << 20, 1000)),
          Duration.ofSeconds(5));

  private final Architecture architecture = Architecture.of("amd64").orElseThrow();

  @Test
  void rootJoinsGroupsAndBecomesTheTenantsUser() throws IOException {
    Placement placement =
        new Placement(
            List.of(Path.of("/sys/fs/cgroup/memory/cordon/acme/cell-7/tasks")),
            Optional.empty(),
            OptionalInt.of(3_000_001),
            false);
    assertThat(describe(plan(ROOT, placement))).isEqualTo(golden("plan-root.txt"));
  }

  @Test
  void userOfOldKernelHasNoLandlockNorTimeNamespaceAndLimitsProcesses() throws IOException {
    Placement placement = new Placement(OptionalInt.empty(), true);
    assertThat(describe(plan(USER_OF_OLD_KERNEL, placement))).isEqualTo(golden("plan-user.txt"));
  }

  @Test
  void whereItCanBeItIsBornInItsGroupAndElseItMovesThere() {
    Path group = Path.of("/sys/fs/cgroup/cordon/acme/cell-7");
    Placement placement =
        new Placement(
            List.of(group.resolve("cgroup.procs")),
            Optional.of(group),
            OptionalInt.of(3_000_001),
            false);

    assertThat(describe(plan(ROOT, placement)))
        .containsSubsequence(
            "clone3", "join " + group + "/cgroup.procs", "it is another process now", "unshare");
  }

  @Test
  void valuesOfTheEnvironmentAreNotPrinted() {
    Placement placement = new Placement(OptionalInt.empty(), false);
    assertThat(describe(plan(ROOT, placement))).contains("{LANG, TOKEN}").doesNotContain("secret");
  }

  @Test
  void samePlanIsTheSameProgram() {
    Placement placement = new Placement(OptionalInt.empty(), false);
    byte[] first = new Elf(architecture).compile(plan(ROOT, placement));
    byte[] second = new Elf(architecture).compile(plan(ROOT, placement));
    assertThat(first).isEqualTo(second).hasSizeLessThan(32 << 10);
  }

  private LaunchPlan plan(Host host, Placement placement) {
    FileTree tree =
        new FileTree()
            .bind(Path.of("/usr"), Path.of("/usr"), true)
            .bind(Path.of("/etc/passwd"), Path.of("/etc/example"), false)
            .link("/bin", "usr/bin")
            .text("/etc/hosts", "127.0.0.1 localhost\n");
    Execution execution =
        new Execution(
            "/usr/bin/program",
            List.of("program", "argument"),
            Map.of("TOKEN", "secret", "LANG", "C"),
            1 << 20);
    CellView view = new CellView(tree, Optional.of(execution), Profile.COMMAND);
    SeccompFilter filter = new SeccompFilter(Profile.COMMAND, architecture);
    return new CellPlanner(host).plan(SPEC, view, placement, filter);
  }

  private static String describe(LaunchPlan plan) {
    return String.join("\n", plan.describe()) + "\n";
  }

  private static String golden(String name) throws IOException {
    try (var in = CellPlannerTest.class.getResourceAsStream(name)) {
      return in == null ? "no file " + name : new String(in.readAllBytes(), UTF_8);
    }
  }
}
