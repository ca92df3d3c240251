package io.cordon.process.quota;

import static org.assertj.core.api.Assertions.assertThat;

import io.cordon.sandbox.Evidence;
import org.junit.jupiter.api.Test;

/** The kernel denies one process too many, and says how often it did. */
class PidsLimitDeniesForkIT {
  private static final String FORK_BOMB =
      """
      import errno, os, time
      children = 0
      try:
          while True:
              if os.fork() == 0:
                  time.sleep(3600)
              children += 1
      except OSError as e:
          print(children, errno.errorcode[e.errno], flush=True)
      time.sleep(3600)
      """;

  private static final String THREAD_BOMB =
      """
      import threading, time
      threads = 0
      try:
          while True:
              threading.Thread(target=time.sleep, args=(3600,), daemon=True).start()
              threads += 1
      except RuntimeError:
          print(threads, flush=True)
      time.sleep(3600)
      """;

  @Test
  void aForkBombIsDeniedAtTheLimit() throws Exception {
    try (QuotaEnforcer quotas = Host.groupQuotas();
        CellQuota quota = quotas.open("acme", "forks", Host.limits(1000, 256, 10));
        JoinedProcess bomb = JoinedProcess.python(quota, FORK_BOMB)) {

      assertThat(bomb.line()).isEqualTo("9 EAGAIN");

      QuotaCounters counters = quota.counters();
      assertThat(counters.pidsCurrent()).isEqualTo(10);
      assertThat(counters.pidsDenied()).isPositive();
      assertThat(counters.pidsEvidence()).isEqualTo(Evidence.KERNEL);

      quota.kill();
      Await.until("all ten dead", () -> quota.counters().pidsCurrent() == 0);
      assertThat(bomb.exit()).isEqualTo(128 + 9);
    }
  }

  @Test
  void threadsCountAsProcesses() throws Exception {
    try (QuotaEnforcer quotas = Host.groupQuotas();
        CellQuota quota = quotas.open("acme", "threads", Host.limits(1000, 256, 10));
        JoinedProcess bomb = JoinedProcess.python(quota, THREAD_BOMB)) {

      assertThat(bomb.line()).isEqualTo("9");
      assertThat(quota.counters().pidsDenied()).isPositive();
    }
  }

  @Test
  void whoStaysBelowTheLimitIsDeniedNothing() throws Exception {
    try (QuotaEnforcer quotas = Host.groupQuotas();
        CellQuota quota = quotas.open("acme", "modest", Host.limits(1000, 256, 10));
        JoinedProcess modest =
            JoinedProcess.start(
                quota, "/bin/sh", "-c", "for i in 1 2 3; do /bin/true & done; wait")) {

      assertThat(modest.exit()).isZero();
      assertThat(quota.counters().pidsDenied()).isZero();
    }
  }
}
