package io.cordon.process.quota;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.cordon.policy.TenantLimits;
import io.cordon.sandbox.ErrorCode;
import io.cordon.sandbox.Evidence;
import io.cordon.sandbox.SandboxException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** However many cells a tenant opens, together they have what the tenant has. */
class TenantTotalHoldsIT {
  private static final long MIB = 1 << 20;
  private static final String KEEPS_24_MIB =
      "hoard = b'x' * (24 << 20); print('up', flush=True); input()";
  private static final String BOMB =
      """
      import time
      hoard = []
      while len(hoard) < 900:
          hoard.append(b'x' * (1 << 20))
          time.sleep(0.001) # who only looks must be able to keep up
      time.sleep(3600) # or come later
      """;

  /** Forks as often as it is told to, and says how often it could. */
  private static final String FORKS =
      """
      import os, sys, time
      children = 0
      try:
          while children < %d:
              if os.fork() == 0:
                  time.sleep(3600)
              children += 1
      except OSError as e:
          print('denied', flush=True)
      print(children, flush=True)
      time.sleep(3600)
      """;

  private static TenantLimits memory(long bytes) {
    return new TenantLimits(
        OptionalInt.empty(), OptionalLong.empty(), OptionalLong.of(bytes), OptionalInt.empty());
  }

  private static TenantLimits pids(int count) {
    return new TenantLimits(
        OptionalInt.empty(), OptionalLong.empty(), OptionalLong.empty(), OptionalInt.of(count));
  }

  private static TenantLimits cpu(long millicores) {
    return new TenantLimits(
        OptionalInt.empty(),
        OptionalLong.of(millicores),
        OptionalLong.empty(),
        OptionalInt.empty());
  }

  @ParameterizedTest
  @EnumSource
  void theLargestOfTwoCellsDiesForTheirMemoryAndTheTenantsLimitIsNamed(Tier tier) throws Exception {
    TenantLimits total = memory(96 * MIB);
    try (QuotaEnforcer quotas = tier.quotas();
        CellQuota modest = quotas.open("acme", "modest", Host.limits(1000, 1000, 16), total);
        CellQuota greedy = quotas.open("acme", "greedy", Host.limits(1000, 1000, 16), total);
        CellQuota other = quotas.open("globex", "other", Host.limits(1000, 256, 16), total);
        JoinedProcess small = JoinedProcess.python(modest, KEEPS_24_MIB);
        JoinedProcess neighbour = JoinedProcess.python(other, KEEPS_24_MIB)) {
      assertThat(small.line()).isEqualTo("up");
      assertThat(neighbour.line()).isEqualTo("up");
      try (JoinedProcess bomb = JoinedProcess.python(greedy, BOMB)) {

        assertThat(bomb.exit()).isEqualTo(128 + 9);

        QuotaCounters counters = greedy.counters();
        assertThat(counters.memoryKills()).as("for its own limit").isZero();
        assertThat(counters.tenant().memoryKills()).isPositive();
        assertThat(counters.tenant().memoryEvidence()).isEqualTo(tier.evidence());
        assertThat(counters.tenant().memoryPeak().orElseThrow()).isGreaterThan(92 * MIB);
        assertThat(counters.memoryPeak().orElseThrow())
            .isLessThan(tier == Tier.GROUPS ? 96 * MIB : 1000 * MIB);
        for (CellQuota unharmed : new CellQuota[] {modest, other}) {
          assertThat(unharmed.counters().memoryKills()).isZero();
          assertThat(unharmed.counters().tenant().memoryKills()).isZero();
        }
        assertThat(small.alive()).isTrue();
        assertThat(neighbour.alive()).isTrue();
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void whoMeetsItsOwnLimitFirstHasNotMetTheTenants(Tier tier) throws Exception {
    TenantLimits total = memory(1000 * MIB); // more than it would ever take
    try (QuotaEnforcer quotas = tier.quotas();
        CellQuota greedy = quotas.open("acme", "greedy", Host.limits(1000, 64, 16), total);
        JoinedProcess bomb = JoinedProcess.python(greedy, BOMB)) {

      assertThat(bomb.exit()).isEqualTo(128 + 9);

      assertThat(greedy.counters().memoryKills()).isPositive();
      assertThat(greedy.counters().tenant().memoryKills()).isZero();
    }
  }

  @Test
  void aProcessBeyondTheTenantsTotalIsDeniedAndANeighboursIsNot() throws Exception {
    TenantLimits total = pids(12);
    try (QuotaEnforcer quotas = Host.groupQuotas();
        CellQuota first = quotas.open("acme", "first", Host.limits(1000, 256, 10), total);
        CellQuota second = quotas.open("acme", "second", Host.limits(1000, 256, 10), total);
        CellQuota other = quotas.open("globex", "other", Host.limits(1000, 256, 10), total);
        JoinedProcess seven = JoinedProcess.python(first, FORKS.formatted(6))) {
      assertThat(seven.line()).isEqualTo("6");
      try (JoinedProcess bomb = JoinedProcess.python(second, FORKS.formatted(9));
          JoinedProcess neighbour = JoinedProcess.python(other, FORKS.formatted(9))) {

        assertThat(bomb.line()).isEqualTo("denied");
        assertThat(bomb.line()).isEqualTo("4");

        QuotaCounters counters = second.counters();
        assertThat(counters.pidsCurrent()).isEqualTo(5);
        assertThat(counters.pidsDenied()).as("by its own limit").isZero();
        assertThat(counters.tenant().pidsDenied()).isPositive();
        assertThat(counters.tenant().pidsEvidence()).isEqualTo(Evidence.KERNEL);
        assertThat(neighbour.line()).isEqualTo("9");
        assertThat(other.counters().tenant().pidsDenied()).isZero();
        for (CellQuota quota : new CellQuota[] {first, second, other}) {
          quota.kill();
        }
      }
    }
  }

  @Test
  void whoIsDeniedByItsOwnLimitHasNotMetTheTenants() throws Exception {
    try (QuotaEnforcer quotas = Host.groupQuotas();
        CellQuota quota = quotas.open("acme", "own", Host.limits(1000, 256, 5), pids(100));
        JoinedProcess bomb = JoinedProcess.python(quota, FORKS.formatted(20))) {
      assertThat(bomb.line()).isEqualTo("denied");

      assertThat(quota.counters().pidsDenied()).isPositive();
      assertThat(quota.counters().tenant().pidsDenied()).isZero();
      quota.kill();
    }
  }

  @Test
  void theTenantsProcessorQuotaIsThatOfItsGroup() throws Exception {
    try (QuotaEnforcer quotas = Host.groupQuotas();
        CellQuota quota = quotas.open("acme", "spin", Host.limits(1000, 256, 5), cpu(50));
        JoinedProcess _ = JoinedProcess.python(quota, "while True: pass")) {
      Path tenant = tenantGroup(quota, "cpu.cfs_quota_us", "cpu.max");

      Await.until("throttled", () -> throttled(tenant) > 0);

      assertThat(quota.counters().flow().throttledNanos()).hasValue(0);
      quota.kill();
    }
  }

  @Test
  void aTotalThatShrinksAndGrowsIsInForceFromTheNextCellOn() throws Exception {
    try (QuotaEnforcer quotas = Host.groupQuotas();
        CellQuota first = quotas.open("acme", "a", Host.limits(500, 256, 5), TenantLimits.NONE)) {
      Path tenant = tenantGroup(first, "memory.limit_in_bytes", "memory.max");
      Path cpus = tenantGroup(first, "cpu.cfs_quota_us", "cpu.max");
      for (TenantLimits total :
          new TenantLimits[] {
            new TenantLimits(
                OptionalInt.empty(),
                OptionalLong.of(100),
                OptionalLong.of(64 * MIB),
                OptionalInt.of(9)),
            memory(128 * MIB),
            memory(32 * MIB),
            TenantLimits.NONE
          }) {
        quotas.open("acme", "b", Host.limits(500, 256, 5), total).close();

        if (total.memoryMax().isPresent()) {
          assertThat(limit(tenant)).isEqualTo(total.memoryMax().getAsLong());
        } else {
          assertThat(limit(tenant)).isGreaterThan(1L << 50);
        }
        assertThat(read(cpus, "cpu.cfs_quota_us", "cpu.max"))
            .startsWith(
                total.cpuMaxMillis().isPresent()
                    ? "10000"
                    : Files.exists(cpus.resolve("cpu.max")) ? "max" : "-1");
      }
    }
  }

  @Test
  void aTotalThatIsChangedHoldsAtOnceAndACellKeepsItsOwnLimit() throws Exception {
    try (QuotaEnforcer quotas = Host.groupQuotas();
        CellQuota cell = quotas.open("acme", "a", Host.limits(500, 256, 5), cpu(100))) {
      Path tenant = tenantGroup(cell, "cpu.cfs_quota_us", "cpu.max");

      quotas.limit("acme", cpu(700));

      assertThat(read(tenant, "cpu.cfs_quota_us", "cpu.max")).startsWith("70000");
      assertThat(read(tenant.resolve("cell-a"), "cpu.cfs_quota_us", "cpu.max"))
          .as("not the tenant's: it has more now")
          .startsWith("50000");
      quotas.limit("acme", cpu(200));
      assertThat(read(tenant, "cpu.cfs_quota_us", "cpu.max")).startsWith("20000");
    }
  }

  @Test
  void aLaunchThatWasPlannedBeforeDoesNotBringTheOldTotalBack() throws Exception {
    TenantLimits before = memory(128 * MIB);
    try (QuotaEnforcer quotas = Host.groupQuotas();
        CellQuota first = quotas.open("acme", "a", Host.limits(500, 256, 5), before)) {
      Path tenant = tenantGroup(first, "memory.limit_in_bytes", "memory.max");
      quotas.limit("acme", memory(64 * MIB));

      quotas.open("acme", "b", Host.limits(500, 256, 5), before).close();

      assertThat(limit(tenant)).isEqualTo(64 * MIB);
    }
  }

  @Test
  void whatIsSaidOfATenantWithoutCellsHoldsForItsFirst() throws Exception {
    try (QuotaEnforcer quotas = Host.groupQuotas()) {
      quotas.limit("acme", memory(64 * MIB));
      try (CellQuota first =
          quotas.open("acme", "a", Host.limits(500, 256, 5), TenantLimits.NONE)) {
        assertThat(limit(tenantGroup(first, "memory.limit_in_bytes", "memory.max")))
            .isEqualTo(64 * MIB);
      }
    }
  }

  @Test
  void aTotalBelowWhatIsInUseIsRefusedAndSoIsTheNextCell() throws Exception {
    try (QuotaEnforcer quotas = Host.groupQuotas();
        CellQuota cell = quotas.open("acme", "a", Host.limits(500, 256, 5));
        JoinedProcess process = JoinedProcess.python(cell, KEEPS_24_MIB)) {
      assertThat(process.line()).isEqualTo("up");

      assertInUse(() -> quotas.limit("acme", memory(16 * MIB)));
      assertInUse(() -> quotas.open("acme", "b", Host.limits(500, 256, 5)));

      assertThat(process.alive()).isTrue();
      assertThat(cell.counters().tenant().memoryKills()).isZero();
      cell.kill();
      assertThat(process.exit()).isEqualTo(128 + 9);
      quotas.open("acme", "c", Host.limits(500, 256, 5)).close();
    }
  }

  private static void assertInUse(ThrowingCallable what) {
    assertThatExceptionOfType(SandboxException.class)
        .isThrownBy(what)
        .satisfies(e -> assertThat(e.code()).isEqualTo(ErrorCode.LIMIT_IN_USE))
        .withMessageContaining("acme")
        .withMessageContaining("16Mi");
  }

  private static long limit(Path tenant) throws Exception {
    String text = read(tenant, "memory.limit_in_bytes", "memory.max");
    return text.equals("max") ? Long.MAX_VALUE : Long.parseLong(text);
  }

  private static String read(Path group, String v1, String v2) throws Exception {
    return Files.readString(group.resolve(Files.exists(group.resolve(v1)) ? v1 : v2)).strip();
  }

  private static long throttled(Path group) {
    try {
      return Files.readAllLines(group.resolve("cpu.stat")).stream()
          .filter(line -> line.startsWith("nr_throttled "))
          .mapToLong(line -> Long.parseLong(line.substring("nr_throttled ".length())))
          .sum();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Path tenantGroup(CellQuota quota, String... files) {
    return quota.joinFiles().stream()
        .map(Path::getParent)
        .filter(group -> Arrays.stream(files).anyMatch(f -> Files.exists(group.resolve(f))))
        .findFirst()
        .orElseThrow()
        .resolveSibling("");
  }
}
