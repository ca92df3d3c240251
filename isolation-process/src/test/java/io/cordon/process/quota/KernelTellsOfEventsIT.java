package io.cordon.process.quota;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** With version 2 nobody has to look: the kernel wakes who waits for a denial, or a kill. */
@Timeout(120)
class KernelTellsOfEventsIT {
  private static final int PATIENCE_SECONDS = 60;

  private static QuotaEnforcer version2() {
    QuotaEnforcer quotas = Host.groupQuotas();
    boolean tells = quotas.tier().equals("cgroup-v2");
    if (!tells) {
      quotas.close();
    }
    assumeTrue(tells, "needs control groups of version 2: those of version 1 tell of no events");
    return quotas;
  }

  @Test
  void aDeniedForkIsTold() throws Exception {
    CountDownLatch told = new CountDownLatch(1);
    try (QuotaEnforcer quotas = version2();
        CellQuota quota = quotas.open("acme", "forks", Host.limits(1000, 256, 4))) {
      quota.onEvent(
          () -> {
            if (quota.counters().pidsDenied() > 0) {
              told.countDown();
            }
          });
      try (JoinedProcess bomb =
          JoinedProcess.start(
              quota, "/bin/bash", "-c", "while :; do sleep 1000 & done 2>/dev/null")) {
        assertThat(told.await(PATIENCE_SECONDS, TimeUnit.SECONDS))
            .as("told of %d", bomb.pid())
            .isTrue();
        quota.kill();
      }
    }
  }

  @Test
  void aKillForMemoryIsTold() throws Exception {
    CountDownLatch told = new CountDownLatch(1);
    try (QuotaEnforcer quotas = version2();
        CellQuota quota = quotas.open("acme", "memory", Host.limits(1000, 32, 64))) {
      quota.onEvent(
          () -> {
            if (quota.counters().memoryKills() > 0) {
              told.countDown();
            }
          });
      try (JoinedProcess bomb =
          JoinedProcess.start(quota, "/bin/dd", "if=/dev/zero", "of=/dev/null", "bs=80M")) {
        assertThat(told.await(PATIENCE_SECONDS, TimeUnit.SECONDS))
            .as("told of %d", bomb.pid())
            .isTrue();
      }
    }
  }

  @Test
  void nothingIsToldOfWhoHasEnough() throws Exception {
    CountDownLatch told = new CountDownLatch(1);
    try (QuotaEnforcer quotas = version2();
        CellQuota quota = quotas.open("acme", "modest", Host.limits(1000, 256, 64))) {
      quota.onEvent(
          () -> {
            QuotaCounters now = quota.counters();
            if (now.pidsDenied() > 0 || now.memoryKills() > 0) {
              told.countDown();
            }
          });
      try (JoinedProcess modest = JoinedProcess.start(quota, "/bin/sh", "-c", "/bin/true & wait")) {
        assertThat(modest.exit()).isZero();
      }
      assertThat(told.getCount()).isEqualTo(1);
    }
  }

  @Test
  void whereTheKernelKnowsAnIdleCellIsUnderNoPressure() throws Exception {
    try (QuotaEnforcer quotas = version2();
        CellQuota quota = quotas.open("acme", "idle", Host.limits(1000, 256, 64))) {
      assumeTrue(
          quota.pressure().isPresent(), "needs a kernel that was booted with psi=1, or has it on");
      assertThat(quota.pressure().get().memory()).isZero();
    }
  }
}
