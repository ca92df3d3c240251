package io.cordon.process.quota;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cordon.policy.IndexSet;
import io.cordon.policy.SandboxLimits;
import io.cordon.policy.TenantLimits;
import io.cordon.sandbox.Evidence;
import io.cordon.sandbox.Layer;
import io.cordon.sandbox.SandboxException;
import io.cordon.sandbox.spi.LimitLayer;
import io.cordon.sandbox.spi.OuterLimits;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Version 2 against a tree of plain files: what is written where, and what the rules of the kernel
 * make of it. It proves nothing about a kernel.
 */
class CgroupV2OnAFixtureTest {
  private static final List<String> ALL = List.of("cpu", "memory", "pids");

  @TempDir Path root;
  private final List<Long> signalled = new ArrayList<>();

  private QuotaEnforcer detect(FakeV2Tree tree, String group) {
    return QuotaEnforcers.detect(
        tree.own(group),
        new ProcessTable(Path.of("/proc")),
        tree,
        (pid, signal) -> {
          signalled.add(pid);
          tree.exit(pid);
        },
        () -> EventSource.NONE);
  }

  /** A service with delegation, which the JVM is alone in. */
  private FakeV2Tree service() throws IOException {
    FakeV2Tree tree = new FakeV2Tree(root.resolve("cgroup"), "cpu", "io", "memory", "pids");
    tree.set(root.resolve("cgroup"), "cgroup.subtree_control", "cpu io memory pids");
    tree.group("app.service", List.of(), FakeV2Tree.JVM);
    return tree;
  }

  private Path service(String below) {
    return root.resolve("cgroup/app.service").resolve(below);
  }

  private static Path cellOf(CellQuota quota) {
    return quota.joinFiles().getFirst().resolveSibling("").normalize();
  }

  /** Without those for limits that few policies set. */
  private static List<Layer> holding(QuotaEnforcer quotas) {
    return quotas.layers().stream().filter(layer -> LimitLayer.of(layer.name()).isEmpty()).toList();
  }

  private static Map<String, Layer.State> states(QuotaEnforcer quotas) {
    return holding(quotas).stream().collect(Collectors.toMap(Layer::name, Layer::state));
  }

  @Test
  void aCellHasAllItsLimitsBeforeAnybodyJoins() throws IOException {
    FakeV2Tree tree = service();
    try (QuotaEnforcer quotas = detect(tree, "app.service");
        CellQuota quota = quotas.open("acme", "one", Host.limits(1500, 256, 64))) {

      assertThat(quotas.tier()).isEqualTo("cgroup-v2");
      assertThat(quota.joinFiles()).hasSize(1);
      assertThat(quota.joinFiles().getFirst())
          .endsWith(Path.of("tenant-acme/cell-one/cgroup.procs"));
      Path cell = cellOf(quota);
      assertThat(tree.get(cell, "memory.max")).isEqualTo(Long.toString(256L << 20));
      assertThat(tree.get(cell, "memory.swap.max")).isEqualTo("0");
      assertThat(tree.get(cell, "memory.oom.group")).isEqualTo("1");
      assertThat(tree.get(cell, "cpu.max")).isEqualTo("150000 100000");
      assertThat(tree.get(cell, "pids.max")).isEqualTo("64");
    }
  }

  /** As where the application has no descriptor left to open them with. */
  @Test
  void aCellWhoseCountersCanNotBeReadIsRemovedAllTheSame() throws IOException {
    FakeV2Tree tree = service();
    try (QuotaEnforcer quotas = detect(tree, "app.service")) {
      CellQuota quota = quotas.open("acme", "one", Host.limits(1500, 256, 64));
      Path cell = cellOf(quota);
      tree.set(cell, "memory.peak", "4096");
      assertThat(quota.counters().memoryPeak()).hasValue(4096);
      tree.set(cell, "memory.events", "nothing that can be read");

      quota.close();

      assertThat(cell).doesNotExist();
      assertThat(quota.counters().memoryPeak()).as("what was seen last").hasValue(4096);
    }
  }

  @Test
  void whatTheGroupsAroundItLeaveIsTheirsAsItIsNow() throws IOException {
    FakeV2Tree tree = service();
    tree.set(service(""), "memory.max", Long.toString(512L << 20));
    tree.set(service(""), "cpu.max", "150000 100000");
    try (QuotaEnforcer quotas = detect(tree, "app.service")) {
      assertThat(quotas.outerLimits())
          .isEqualTo(
              new OuterLimits(
                  OptionalLong.of(1500), OptionalLong.of(512L << 20), OptionalLong.empty()));

      tree.set(service(""), "memory.max", "max");
      tree.set(service(""), "pids.max", "100");
      assertThat(quotas.outerLimits())
          .isEqualTo(
              new OuterLimits(OptionalLong.of(1500), OptionalLong.empty(), OptionalLong.of(100)));
    }
  }

  @Test
  void theJvmMovesToALeafSoThatItsGroupCanHandControllersDown() throws IOException {
    FakeV2Tree tree = service();
    detect(tree, "app.service").close();

    assertThat(tree.processes(service("cordon-host"))).containsExactly(FakeV2Tree.JVM);
    assertThat(tree.get(service(""), "cgroup.subtree_control")).isEqualTo("cpu io memory pids");
    assertThat(tree.groups()).containsExactly("app.service", "app.service/cordon-host");
  }

  @Test
  void anApplicationOfAJvmThatHasMovedMakesItsGroupsBesideIt() throws IOException {
    FakeV2Tree tree = service();
    detect(tree, "app.service").close();

    try (QuotaEnforcer quotas = detect(tree, "app.service/cordon-host");
        CellQuota quota = quotas.open("acme", "one", Host.limits(1000, 64, 16))) {

      assertThat(service("").relativize(cellOf(quota)).toString())
          .startsWith("cordon-")
          .doesNotStartWith("cordon-host");
      assertThat(states(quotas)).containsValue(Layer.State.IN_FORCE).hasSize(3);
    }
  }

  @Test
  void nobodyMovesWhereNothingStandsInTheWay() throws IOException {
    FakeV2Tree tree = new FakeV2Tree(root.resolve("cgroup"), "cpu", "memory", "pids");
    tree.group("app.service", List.of());
    try (QuotaEnforcer quotas = detect(tree, "")) {

      assertThat(states(quotas).values()).containsOnly(Layer.State.IN_FORCE);
      assertThat(tree.groups()).noneMatch(group -> group.contains("cordon-host"));
    }
  }

  @Test
  void aStrangerInTheJvmsGroupIsNotMovedAndAllIsWatched() throws IOException {
    FakeV2Tree tree = new FakeV2Tree(root.resolve("cgroup"), "cpu", "memory", "pids");
    tree.set(root.resolve("cgroup"), "cgroup.subtree_control", "cpu memory pids");
    tree.group("app.service", List.of(), FakeV2Tree.JVM, 5L);
    try (QuotaEnforcer quotas = detect(tree, "app.service")) {

      assertThat(quotas.tier()).isEqualTo("rlimit");
      assertThat(states(quotas).values()).containsOnly(Layer.State.ADVISORY);
      assertThat(holding(quotas))
          .allSatisfy(
              layer -> {
                assertThat(layer.detail()).contains("busy");
                assertThat(layer.remedy()).contains("only process of its group");
              });
    }
    assertThat(tree.processes(service(""))).containsExactlyInAnyOrder(FakeV2Tree.JVM, 5L);
    assertThat(tree.groups()).containsExactly("app.service");
  }

  @Test
  void whatAUserManagerDoesNotDelegateIsAdvisoryByItself() throws IOException {
    FakeV2Tree tree = new FakeV2Tree(root.resolve("cgroup"), "cpu", "memory", "pids");
    tree.set(root.resolve("cgroup"), "cgroup.subtree_control", "memory pids");
    tree.group("app.service", List.of(), FakeV2Tree.JVM);
    try (QuotaEnforcer quotas = detect(tree, "app.service");
        CellQuota quota = quotas.open("acme", "one", Host.limits(1000, 64, 16))) {

      assertThat(states(quotas))
          .isEqualTo(
              Map.of(
                  "cgroup-memory", Layer.State.IN_FORCE,
                  "cgroup-cpu", Layer.State.ADVISORY,
                  "cgroup-pids", Layer.State.IN_FORCE));
      assertThat(holding(quotas))
          .filteredOn(layer -> layer.name().equals("cgroup-cpu"))
          .allSatisfy(layer -> assertThat(layer.remedy()).contains("Delegate=cpu memory pids"));
      tree.set(cellOf(quota), "cpu.stat", "usage_usec 7\nuser_usec 5\nsystem_usec 2");
      assertThat(quota.counters().cpuUserNanos()).isEqualTo(5000);
      assertThat(quota.counters().memoryEvidence()).isEqualTo(Evidence.KERNEL);
      assertThat(quotas.needsProcessLimit()).isFalse();
    }
  }

  @Test
  void wherePidsAloneAreNotDelegatedTheLimitOfAUserHoldsThem() throws IOException {
    FakeV2Tree tree = new FakeV2Tree(root.resolve("cgroup"), "cpu", "memory", "pids");
    tree.set(root.resolve("cgroup"), "cgroup.subtree_control", "cpu memory");
    tree.group("app.service", List.of(), FakeV2Tree.JVM);
    try (QuotaEnforcer quotas = detect(tree, "app.service")) {
      assertThat(quotas.tier()).isEqualTo("cgroup-v2");
      assertThat(states(quotas)).containsEntry("cgroup-pids", Layer.State.ADVISORY);
      assertThat(quotas.needsProcessLimit()).isTrue();
    }
  }

  @Test
  void aReadOnlyTreeIsNamed() throws IOException {
    FakeV2Tree tree = service().readOnly();
    try (QuotaEnforcer quotas = detect(tree, "app.service")) {

      assertThat(quotas.tier()).isEqualTo("rlimit");
      assertThat(holding(quotas))
          .hasSize(3)
          .allSatisfy(layer -> assertThat(layer.detail()).contains("Read-only file system"));
    }
  }

  @Test
  void countersAreTheKernels() throws IOException {
    FakeV2Tree tree = service();
    try (QuotaEnforcer quotas = detect(tree, "app.service");
        CellQuota quota = quotas.open("acme", "one", Host.limits(1000, 64, 16))) {
      Path cell = cellOf(quota);
      tree.set(cell, "memory.current", "4096");
      tree.set(cell, "memory.peak", "1048576");
      tree.set(cell, "memory.events", "low 0\nhigh 0\nmax 9\noom 1\noom_kill 3\noom_group_kill 1");
      tree.set(
          cell,
          "cpu.stat",
          "usage_usec 1234567\nuser_usec 1234000\nsystem_usec 567\nthrottled_usec 89");
      tree.set(cell, "pids.current", "12");
      tree.set(cell, "pids.events", "max 4");

      QuotaCounters counters = quota.counters();

      assertThat(counters.memoryCurrent()).hasValue(4096);
      assertThat(counters.memoryPeak()).hasValue(1048576);
      assertThat(counters.memoryKills()).isEqualTo(3);
      assertThat(counters.cpuUserNanos()).isEqualTo(1_234_000_000);
      assertThat(counters.cpuSystemNanos()).isEqualTo(567_000);
      assertThat(counters.flow().throttledNanos()).hasValue(89_000);
      assertThat(counters.pidsCurrent()).isEqualTo(12);
      assertThat(counters.pidsDenied()).isEqualTo(4);
    }
  }

  /** The cell may have 16, and the tenant 20. */
  @ParameterizedTest(name = "{0}")
  @CsvSource({
    "the cell is full,                       16, 16, 16, 16, CELL",
    "both are full,                          16, 16, 20, 20, CELL",
    "the tenant is full,                      4,  4, 20, 20, TENANT",
    "the tenant is full and the cell was,     4, 16, 20, 20, TENANT",
    "the cell was full,                       4, 16,  9, 16, CELL",
    "both were full,                          4, 16,  9, 20, CELL",
    "the tenant was full,                     4,  9,  9, 20, TENANT",
    "neither ever was,                        4,  9,  9, 19, NONE",
    "the cell is full and no peak is kept,   16,   , 16,   , CELL",
    "the tenant is full and no peak is kept,  4,   , 20,   , TENANT",
    "nobody is full and no peak is kept,      4,   ,  9,   , CELL",
  })
  void whereTheKernelDoesNotSayWhoseLimitItWasItIsWhoseGroupIsFull(
      String what,
      String cellNow,
      @Nullable String cellPeak,
      String tenantNow,
      @Nullable String tenantPeak,
      Owner owner)
      throws IOException {
    FakeV2Tree tree = service();
    TenantLimits total =
        new TenantLimits(
            OptionalInt.empty(), OptionalLong.empty(), OptionalLong.empty(), OptionalInt.of(20));
    try (QuotaEnforcer quotas = detect(tree, "app.service");
        CellQuota quota = quotas.open("acme", "one", Host.limits(1000, 64, 16), total)) {
      Path cell = cellOf(quota);
      Path tenant = cell.resolveSibling("");
      tree.set(cell, "pids.current", cellNow);
      tree.set(tenant, "pids.current", tenantNow);
      if (cellPeak != null && tenantPeak != null) {
        tree.set(cell, "pids.peak", cellPeak);
        tree.set(tenant, "pids.peak", tenantPeak);
      }
      tree.set(cell, "pids.events", "max 3");

      QuotaCounters counters = quota.counters();

      assertThat(counters.pidsDenied()).as(what).isEqualTo(owner == Owner.CELL ? 3 : 0);
      assertThat(counters.tenant().pidsDenied()).as(what).isEqualTo(owner == Owner.TENANT ? 3 : 0);
    }
  }

  enum Owner {
    CELL,
    TENANT,
    NONE
  }

  @Test
  void aDenialIsTakenForTheCellsOnceThoughItIsNotFullAnyMore() throws IOException {
    FakeV2Tree tree = service();
    try (QuotaEnforcer quotas = detect(tree, "app.service");
        CellQuota quota = quotas.open("acme", "one", Host.limits(1000, 64, 16))) {
      Path cell = cellOf(quota);
      tree.set(cell, "pids.peak", "9");
      tree.set(cell, "pids.current", "16");
      tree.set(cell, "pids.events", "max 3");
      assertThat(quota.counters().pidsDenied()).isEqualTo(3);

      tree.set(cell, "pids.current", "4");
      tree.set(cell, "pids.events", "max 5");

      assertThat(quota.counters().pidsDenied())
          .as("the last two were an outer group's")
          .isEqualTo(3);
    }
  }

  @Test
  void whoDiesForTheWantOfAnOuterGroupHasNotMetThisLimit() throws IOException {
    FakeV2Tree tree = service();
    try (QuotaEnforcer quotas = detect(tree, "app.service");
        CellQuota quota = quotas.open("acme", "one", Host.limits(1000, 64, 16))) {
      tree.set(cellOf(quota), "memory.events", "low 0\nhigh 0\nmax 0\noom 0\noom_kill 1");

      assertThat(quota.counters().memoryKills()).isZero();
    }
  }

  @Test
  void whatTheTenantHasMetBeforeThereWasACellIsNoReasonForItsDeath() throws IOException {
    FakeV2Tree tree = service();
    try (QuotaEnforcer quotas = detect(tree, "app.service");
        CellQuota first = quotas.open("acme", "one", Host.limits(1000, 64, 16))) {
      Path tenant = cellOf(first).resolveSibling("");
      tree.set(tenant, "memory.events", "low 0\nhigh 0\nmax 7\noom 1\noom_kill 0");
      tree.set(cellOf(first), "memory.events", "low 0\nhigh 0\nmax 0\noom 0\noom_kill 1");
      assertThat(first.counters().tenant().memoryKills()).isEqualTo(1);

      try (CellQuota later = quotas.open("acme", "two", Host.limits(1000, 64, 16))) {
        Path cell = cellOf(later);
        tree.set(cell, "memory.events", "low 0\nhigh 0\nmax 0\noom 0\noom_kill 1");
        assertThat(later.counters().tenant().memoryKills()).as("by somebody further out").isZero();

        tree.set(tenant, "memory.events", "low 0\nhigh 0\nmax 8\noom 2\noom_kill 0");
        assertThat(later.counters().tenant().memoryKills()).as("by the tenant").isEqualTo(1);
      }
    }
  }

  @Test
  @Timeout(30)
  void nobodyWaitsForMemoryThatIsReclaimed() throws Exception {
    FakeV2Tree tree = service();
    try (QuotaEnforcer quotas = detect(tree, "app.service");
        CellQuota large = quotas.open("acme", "large", Host.limits(1000, 64, 16))) {
      tree.set(cellOf(large), "memory.current", "50000000");
      CompletableFuture<Void> reclaiming = new CompletableFuture<>();
      CompletableFuture<Void> reclaimed = new CompletableFuture<>();
      Set<String> written = ConcurrentHashMap.newKeySet();
      tree.whenWritten(
          file -> {
            written.add(file);
            if (file.equals("memory.high") && reclaiming.complete(null)) {
              reclaimed.join();
            }
          });
      Thread resizing =
          Thread.ofVirtual()
              .start(
                  () ->
                      assertThatThrownBy(() -> large.resize(Host.limits(1000, 32, 16)))
                          .as("what is not reclaimed here")
                          .isInstanceOf(SandboxException.class));
      reclaiming.join();

      assertThat(large.counters().memoryCurrent()).hasValue(50_000_000);
      quotas.open("umbrella", "small", Host.limits(1000, 64, 16)).close();
      large.kill();
      assertThat(written).contains("cgroup.kill");

      reclaimed.complete(null);
      resizing.join();
    }
  }

  @Test
  void withoutAPeakOfTheKernelsTheMostThatWasSeenIsIt() throws IOException {
    FakeV2Tree tree = service().lacking("memory.peak");
    try (QuotaEnforcer quotas = detect(tree, "app.service");
        CellQuota quota = quotas.open("acme", "one", Host.limits(1000, 64, 16))) {
      tree.set(cellOf(quota), "memory.current", "9000");
      assertThat(quota.counters().memoryCurrent()).hasValue(9000);
      tree.set(cellOf(quota), "memory.current", "1000");

      assertThat(quota.counters().memoryPeak()).hasValue(9000);
    }
  }

  @Test
  void aKillIsOneWrite() throws IOException {
    FakeV2Tree tree = service();
    try (QuotaEnforcer quotas = detect(tree, "app.service");
        CellQuota quota = quotas.open("acme", "one", Host.limits(1000, 64, 16))) {
      tree.set(cellOf(quota), "cgroup.procs", "1001\n1002");

      quota.kill();

      assertThat(tree.processes(cellOf(quota))).isEmpty();
      assertThat(signalled).isEmpty();
    }
  }

  @Test
  void anOlderKernelHasEverybodySignalled() throws IOException {
    FakeV2Tree tree = service().lacking("cgroup.kill");
    try (QuotaEnforcer quotas = detect(tree, "app.service");
        CellQuota quota = quotas.open("acme", "one", Host.limits(1000, 64, 16))) {
      tree.set(cellOf(quota), "cgroup.procs", "1001\n1002");

      quota.kill();

      assertThat(signalled).containsExactlyInAnyOrder(1001L, 1002L);
    }
  }

  @Test
  void closingKillsWhoIsLeftAndRemovesAll() throws IOException {
    FakeV2Tree tree = service();
    QuotaEnforcer quotas = detect(tree, "app.service");
    CellQuota one = quotas.open("acme", "one", Host.limits(1000, 64, 16));
    CellQuota other = quotas.open("globex", "one", Host.limits(1000, 64, 16));
    tree.set(cellOf(one), "cgroup.procs", "1001");
    other.close();

    quotas.close();

    assertThat(tree.groups()).containsExactly("app.service", "app.service/cordon-host");
  }

  @Test
  void whatADeadJvmLeftIsRemovedWithWhoIsInIt() throws IOException {
    FakeV2Tree tree = service();
    detect(tree, "app.service").close();
    String dead = "app.service/cordon-4194400-17-0"; // above PID_MAX_LIMIT
    tree.group(dead, ALL);
    tree.group(dead + "/tenant-acme", ALL);
    tree.group(dead + "/tenant-acme/cell-one", List.of(), 1001L);
    tree.group("app.service/cordon-helper", List.of(), 1002L);
    tree.group("app.service/cordon-1-x-0", List.of(), 1003L);

    detect(tree, "app.service/cordon-host").close();

    assertThat(tree.groups())
        .containsExactly(
            "app.service",
            "app.service/cordon-1-x-0",
            "app.service/cordon-helper",
            "app.service/cordon-host");
    assertThat(tree.processes(service("cordon-helper"))).containsExactly(1002L);
  }

  @Test
  void aNameThatIsNoNameIsRefused() throws IOException {
    try (QuotaEnforcer quotas = detect(service(), "app.service")) {
      for (String name : List.of("", "..", "a/b", "A", "a.b", "a_b", "x".repeat(64), "é")) {
        assertThatThrownBy(() -> quotas.open(name, "one", Host.limits(1000, 64, 16)))
            .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> quotas.open("acme", name, Host.limits(1000, 64, 16)))
            .isInstanceOf(IllegalArgumentException.class);
      }
    }
  }

  @Test
  void aCellThatCannotBeMadeLeavesNothing() throws IOException {
    FakeV2Tree tree = service();
    try (QuotaEnforcer quotas = detect(tree, "app.service");
        CellQuota first = quotas.open("acme", "one", Host.limits(1000, 64, 16))) {
      List<String> before = tree.groups();
      tree.lacking("pids.max");

      assertThatThrownBy(() -> quotas.open("acme", "two", Host.limits(1000, 64, 16)))
          .isInstanceOf(SandboxException.class)
          .hasMessageContaining("acme/two")
          .hasMessageContaining("pids.max");

      assertThat(tree.groups()).isEqualTo(before).anyMatch(group -> group.endsWith("cell-one"));
      assertThat(first.counters().memoryKills()).isZero();
    }
  }

  private static SandboxLimits tuned(SandboxLimits.Tuning tuning) {
    return new SandboxLimits(1000, 64 << 20, 16, new SandboxLimits.Disk(1 << 20, 100), tuning);
  }

  @Test
  void whatFewPoliciesSetIsWrittenWhereItIsSet() throws IOException {
    FakeV2Tree tree = new FakeV2Tree(root.resolve("cgroup"), "cpu", "cpuset", "memory", "pids");
    tree.set(root.resolve("cgroup"), "cgroup.subtree_control", "cpu cpuset memory pids");
    tree.group("app.service", List.of(), FakeV2Tree.JVM);
    SandboxLimits limits =
        tuned(
            new SandboxLimits.Tuning(
                50,
                Optional.of(IndexSet.of(0, 1, 3)),
                Optional.empty(),
                OptionalLong.of(48 << 20),
                8 << 20,
                SandboxLimits.Io.UNLIMITED,
                100,
                1024));
    try (QuotaEnforcer quotas = detect(tree, "app.service");
        CellQuota plain = quotas.open("acme", "plain", Host.limits(1000, 64, 16));
        CellQuota quota = quotas.open("acme", "tuned", limits)) {
      Path cell = cellOf(quota);
      assertThat(tree.get(cell, "cpu.weight")).isEqualTo("50");
      assertThat(tree.get(cell, "cpuset.cpus")).isEqualTo("0-1,3");
      assertThat(tree.get(cell, "cpuset.mems")).isEmpty();
      assertThat(tree.get(cell, "memory.high")).isEqualTo(Long.toString(48 << 20));
      assertThat(tree.get(cell, "memory.swap.max")).isEqualTo(Long.toString(8 << 20));

      assertThat(cellOf(plain).resolve("cpuset.cpus")).as("made on demand").doesNotExist();
      assertThat(tree.get(cellOf(plain), "memory.high")).isEqualTo("max");
      assertThat(quotas.layers())
          .filteredOn(layer -> layer.state() == Layer.State.MISSING)
          .extracting(Layer::name)
          .contains("cgroup-io-weight")
          .doesNotContain("cgroup-cpuset", "cgroup-memory-high", "cgroup-cpu-weight");
    }
  }

  @Test
  void limitsOfDisksAreALineForEach() {
    CgroupV2 version = new CgroupV2(List.of("8:0", "259:1"));
    SandboxLimits limits =
        tuned(
            new SandboxLimits.Tuning(
                100,
                Optional.empty(),
                Optional.empty(),
                OptionalLong.empty(),
                0,
                new SandboxLimits.Io(
                    OptionalLong.of(20 << 20),
                    OptionalLong.empty(),
                    OptionalLong.empty(),
                    OptionalLong.of(50)),
                100,
                1024));

    assertThat(version.settings(Controller.IO, limits, TenantLimits.NONE))
        .containsExactly(
            Setting.of("io.max", "8:0 rbps=20971520 wiops=50"),
            Setting.of("io.max", "259:1 rbps=20971520 wiops=50"));
  }
}
