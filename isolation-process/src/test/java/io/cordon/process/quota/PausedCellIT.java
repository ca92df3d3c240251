package io.cordon.process.quota;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A paused cell does nothing, and dies as any other. */
class PausedCellIT {
  private static final String SPINS =
      """
      import os
      if os.fork() == 0:
          os.setsid()
      os.write(1, b'%d\\n' % os.getpid())
      while True:
          pass
      """;

  /** By vfork, as the shell does. */
  private static final String STARTS_OTHERS =
      """
      import os
      os.execv('/bin/sh', ['sh', '-c', 'echo up; while :; do /bin/true; done'])
      """;

  /** Whoever was stopped is told to go on, by those who aren't yet. */
  private static final String WAKES_THE_OTHERS =
      """
      import os, signal
      child = os.fork()
      other = os.getppid() if child == 0 else child
      os.write(1, b'up\\n')
      while True:
          os.kill(other, signal.SIGCONT)
      """;

  @ParameterizedTest
  @EnumSource
  void nobodyRunsUntilItIsResumed(Tier tier) throws Exception {
    try (QuotaEnforcer quotas = tier.quotas();
        CellQuota quota = quotas.open("acme", "spin", Host.limits(2000, 256, 16));
        JoinedProcess spinner = JoinedProcess.python(quota, SPINS)) {
      long[] pids = {Long.parseLong(spinner.line()), Long.parseLong(spinner.line())};
      Await.until("both are known", () -> quota.counters().pidsCurrent() == 2);

      quota.pause();
      quota.pause();

      long then = ticks(pids);
      LockSupport.parkNanos(200_000_000); // who runs has twenty ticks
      assertThat(ticks(pids)).isEqualTo(then);

      quota.resume();
      Await.until("they go on", () -> ticks(pids) > then + 1);
      quota.kill();
      assertThat(spinner.exit()).isEqualTo(128 + 9);
    }
  }

  @ParameterizedTest
  @EnumSource
  void itDiesAsAnyOther(Tier tier) throws Exception {
    try (QuotaEnforcer quotas = tier.quotas();
        CellQuota quota = quotas.open("acme", "paused", Host.limits(1000, 256, 16));
        JoinedProcess spinner = JoinedProcess.python(quota, SPINS)) {
      long[] pids = {Long.parseLong(spinner.line()), Long.parseLong(spinner.line())};
      Await.until("both are known", () -> quota.counters().pidsCurrent() == 2);
      quota.pause();

      quota.kill();

      assertThat(spinner.exit()).isEqualTo(128 + 9);
      for (long pid : pids) {
        Await.until("dead", () -> Host.dead(pid));
      }
      quota.pause(); // and does no harm any more
      quota.resume();
    }
  }

  /** Its parent waits uninterruptibly for a child of vfork that has been stopped. */
  @ParameterizedTest
  @EnumSource
  void whoIsInTheMidstOfVforkIsPausedToo(Tier tier) throws Exception {
    try (QuotaEnforcer quotas = tier.quotas();
        CellQuota quota = quotas.open("acme", "vforks", Host.limits(2000, 256, 16));
        JoinedProcess shell = JoinedProcess.python(quota, STARTS_OTHERS)) {
      assertThat(shell.line()).isEqualTo("up");
      for (int i = 0; i < 100; i++) {
        quota.pause();
        quota.resume();
      }
      quota.kill();
      assertThat(shell.exit()).isEqualTo(128 + 9);
    }
  }

  @ParameterizedTest
  @EnumSource
  void whoIsInterruptedPausesAsAnybody(Tier tier) throws Exception {
    try (QuotaEnforcer quotas = tier.quotas();
        CellQuota quota = quotas.open("acme", "vforks", Host.limits(2000, 256, 16));
        JoinedProcess shell = JoinedProcess.python(quota, STARTS_OTHERS)) {
      assertThat(shell.line()).isEqualTo("up");
      for (int i = 0; i < 20; i++) {
        Thread.currentThread().interrupt();
        quota.pause();
        quota.resume();
        assertThat(Thread.interrupted()).isTrue();
      }
      quota.kill();
      assertThat(shell.exit()).isEqualTo(128 + 9);
    }
  }

  @Test
  void aFrozenProcessIsNotWokenByAnother() throws Exception {
    try (QuotaEnforcer quotas = Host.groupQuotas();
        CellQuota quota = quotas.open("acme", "awake", Host.limits(2000, 256, 16));
        JoinedProcess wakers = JoinedProcess.python(quota, WAKES_THE_OTHERS)) {
      assertThat(wakers.line()).isEqualTo("up");
      assertThat(wakers.line()).isEqualTo("up");

      quota.pause();

      // The kernel says that they are frozen a moment before the last of them has left its
      // processor.
      AtomicLong then = new AtomicLong(-1);
      Await.until(
          "no processor time is used any more",
          () -> {
            LockSupport.parkNanos(20_000_000); // longer than a tick, with which it is counted
            long now = nanos(quota);
            return then.getAndSet(now) == now;
          });
      LockSupport.parkNanos(100_000_000);
      assertThat(nanos(quota)).isEqualTo(then.get());
      quota.kill();
      assertThat(wakers.exit()).isEqualTo(128 + 9);
    }
  }

  private static long nanos(CellQuota quota) {
    QuotaCounters counters = quota.counters();
    return counters.cpuUserNanos() + counters.cpuSystemNanos();
  }

  private static long ticks(long... pids) {
    ProcessTable table = new ProcessTable(Host.PROC);
    long ticks = 0;
    for (long pid : pids) {
      ticks += table.stat(pid).map(stat -> stat.userTicks() + stat.systemTicks()).orElseThrow();
    }
    return ticks;
  }
}
