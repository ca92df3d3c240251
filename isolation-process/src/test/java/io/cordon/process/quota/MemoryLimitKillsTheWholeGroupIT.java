package io.cordon.process.quota;

import static org.assertj.core.api.Assertions.assertThat;

import io.cordon.sandbox.Evidence;
import org.junit.jupiter.api.Test;

/** By control groups. One process exceeds the memory limit; none of the cell outlives that. */
class MemoryLimitKillsTheWholeGroupIT {
  private static final String PARENT_OF_A_BOMB =
      """
      import os, time
      if os.fork() == 0:
          hoard = []
          while True:
              hoard.append(bytearray(1 << 20))
      print('up', flush=True)
      while True:
          time.sleep(3600)
      """;

  @Test
  void theBombsParentDiesWithIt() throws Exception {
    try (QuotaEnforcer quotas = Host.groupQuotas();
        CellQuota quota = quotas.open("acme", "bomb", Host.limits(1000, 64, 16));
        JoinedProcess parent = JoinedProcess.python(quota, PARENT_OF_A_BOMB)) {

      assertThat(parent.exit()).isEqualTo(128 + 9);

      QuotaCounters counters = quota.counters();
      assertThat(counters.memoryKills()).isPositive();
      assertThat(counters.memoryEvidence()).isEqualTo(Evidence.KERNEL);
      assertThat(counters.memoryPeak().getAsLong()).isBetween(60L << 20, 64L << 20);
      Await.until("nobody left", () -> quota.counters().pidsCurrent() == 0);
    }
  }

  @Test
  void aProcessWithinItsLimitLives() throws Exception {
    try (QuotaEnforcer quotas = Host.groupQuotas();
        CellQuota quota = quotas.open("acme", "modest", Host.limits(1000, 64, 16));
        JoinedProcess modest = JoinedProcess.python(quota, "print(len(bytearray(16 << 20)))")) {

      assertThat(modest.output()).isEqualTo((16 << 20) + "\n");
      assertThat(modest.exit()).isZero();

      QuotaCounters counters = quota.counters();
      assertThat(counters.memoryKills()).isZero();
      assertThat(counters.memoryPeak().getAsLong()).isGreaterThan(16 << 20);
      assertThat(counters.cpuUserNanos() + counters.cpuSystemNanos()).isPositive();
    }
  }
}
