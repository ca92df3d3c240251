package io.cordon.process.quota;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** One process exceeds the memory limit; none of the cell outlives that. */
class MemoryLimitKillsTheWholeGroupIT {
  private static final String PARENT_OF_A_BOMB =
      """
      import os, time
      if os.fork() == 0:
          hoard = []
          while len(hoard) < 512:
              hoard.append(b'x' * (1 << 20))
          time.sleep(3600)
      while True:
          time.sleep(3600)
      """;

  @ParameterizedTest
  @EnumSource
  void theBombsParentDiesWithIt(Tier tier) throws Exception {
    try (QuotaEnforcer quotas = tier.quotas();
        CellQuota quota = quotas.open("acme", "bomb", Host.limits(1000, 64, 16));
        JoinedProcess parent = JoinedProcess.python(quota, PARENT_OF_A_BOMB)) {

      assertThat(parent.exit()).isEqualTo(128 + 9);

      QuotaCounters counters = quota.counters();
      assertThat(counters.memoryKills()).isPositive();
      assertThat(counters.memoryEvidence()).isEqualTo(tier.evidence());
      assertThat(counters.memoryPeak().getAsLong()).isGreaterThan(60L << 20);
      Await.until("nobody left", () -> quota.counters().pidsCurrent() == 0);
    }
  }

  @ParameterizedTest
  @EnumSource
  void aProcessWithinItsLimitLives(Tier tier) throws Exception {
    try (QuotaEnforcer quotas = tier.quotas();
        CellQuota quota = quotas.open("acme", "modest", Host.limits(1000, 64, 16));
        JoinedProcess modest =
            JoinedProcess.python(
                quota, "h = b'x' * (16 << 20); print('up', flush=True); input()")) {
      assertThat(modest.line()).isEqualTo("up");

      Await.until("16 MiB are seen", () -> quota.counters().memoryPeak().orElse(0) > 16 << 20);

      assertThat(modest.alive()).isTrue();
      assertThat(quota.counters().memoryKills()).isZero();
      assertThat(quota.counters().memoryCurrent().getAsLong()).isBetween(16L << 20, 64L << 20);
    }
  }

  @Test
  void whoDiesForTheWantOfAnOuterGroupHasNotMetThisLimit() throws Exception {
    try (QuotaEnforcer quotas = Host.groupQuotas();
        CellQuota quota = quotas.open("acme", "inner", Host.limits(1000, 256, 16))) {
      Path cell =
          quota.joinFiles().stream()
              .map(file -> file.resolveSibling(""))
              .filter(
                  group ->
                      Files.exists(group.resolve("memory.limit_in_bytes"))
                          || Files.exists(group.resolve("memory.max")))
              .findFirst()
              .orElseThrow();
      String limit =
          Files.exists(cell.resolve("memory.max")) ? "memory.max" : "memory.limit_in_bytes";
      Files.writeString(cell.resolveSibling(limit), Long.toString(32 << 20)); // of the tenant
      try (JoinedProcess bomb =
          JoinedProcess.python(quota, "h = []\nwhile True: h.append(b'x' * (1 << 20))")) {

        assertThat(bomb.exit()).isEqualTo(128 + 9);
        assertThat(quota.counters().memoryKills()).isZero();
        assertThat(quota.counters().memoryPeak().getAsLong()).isLessThan(33 << 20);
      }
    }
  }
}
