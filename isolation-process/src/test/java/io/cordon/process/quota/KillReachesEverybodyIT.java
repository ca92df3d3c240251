package io.cordon.process.quota;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import java.io.BufferedReader;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Nobody escapes the kill: no daemon, nobody who forks while it happens, none frozen or traced. */
class KillReachesEverybodyIT {
  private static final String FORKS_ALL_THE_TIME =
      """
      import os, time
      print('up', flush=True)
      while True:
          try:
              if os.fork() == 0:
                  os.setsid()
          except OSError:
              time.sleep(0.001)
      """;

  /** Orphans go to the first, as they go to a cell's init: PR_SET_CHILD_SUBREAPER is 36. */
  private static final String DAEMON =
      """
      import ctypes, os, time
      ctypes.CDLL(None).prctl(36, 1, 0, 0, 0)
      if os.fork() == 0:
          os.setsid()
          if os.fork() == 0:
              print(os.getpid(), flush=True)
              time.sleep(3600)
          os._exit(0)
      time.sleep(3600)
      """;

  /** Stops a process, and keeps it from going on; the request numbers are linux/ptrace.h's. */
  private static final String TRACER =
      """
      import ctypes, errno, os, sys
      SEIZE, INTERRUPT = 0x4206, 0x4207
      pid = int(sys.argv[1])
      c = ctypes.CDLL(None, use_errno=True)
      for request in SEIZE, INTERRUPT:
          if c.ptrace(ctypes.c_long(request), pid, None, None) < 0:
              sys.exit(errno.errorcode[ctypes.get_errno()])
      print('stopped' if os.WIFSTOPPED(os.waitpid(pid, 0)[1]) else 'runs', flush=True)
      print('killed by', os.WTERMSIG(os.waitpid(pid, 0)[1]), flush=True)
      """;

  @Test
  void processesThatForkMeanwhileDieToo() throws Exception {
    try (QuotaEnforcer quotas = Host.groupQuotas();
        CellQuota quota = quotas.open("acme", "forks", Host.limits(2000, 256, 40));
        JoinedProcess forks = JoinedProcess.python(quota, FORKS_ALL_THE_TIME)) {
      assertThat(forks.line()).isEqualTo("up");
      Await.until("forty", () -> quota.counters().pidsCurrent() == 40);

      quota.kill();

      Await.until("nobody left", () -> quota.counters().pidsCurrent() == 0);
    }
  }

  @ParameterizedTest
  @EnumSource
  void aDaemonDies(Tier tier) throws Exception {
    try (QuotaEnforcer quotas = tier.quotas();
        CellQuota quota = quotas.open("acme", "daemon", Host.limits(1000, 256, 16));
        JoinedProcess parent = JoinedProcess.python(quota, DAEMON)) {
      long daemon = Long.parseLong(parent.line());
      Await.until("seen", () -> quota.counters().pidsCurrent() >= 2);

      quota.kill();

      assertThat(parent.exit()).isEqualTo(128 + 9);
      Await.until("dead", () -> ProcessHandle.of(daemon).map(p -> !p.isAlive()).orElse(true));
    }
  }

  @Test
  void anInterruptedThreadCanKillAndClean() throws Exception {
    try (QuotaEnforcer quotas = Host.groupQuotas()) {
      CellQuota quota = quotas.open("acme", "late", Host.limits(1000, 256, 16));
      try (JoinedProcess sleeper = JoinedProcess.start(quota, "/bin/sleep", "3600")) {
        Thread.currentThread().interrupt();

        quota.kill();
        assertThat(quota.counters().memoryKills()).isZero();
        quota.close();

        assertThat(Thread.interrupted()).isTrue();
        assertThat(sleeper.exit()).isEqualTo(128 + 9);
        assertThat(quota.joinFiles()).noneMatch(Files::exists);
      }
    }
  }

  @Test
  void theFrozenDie() throws Exception {
    try (QuotaEnforcer quotas = Host.groupQuotas();
        CellQuota quota = quotas.open("acme", "frozen", Host.limits(1000, 256, 16));
        JoinedProcess sleeper = JoinedProcess.start(quota, "/bin/sleep", "3600")) {
      for (Path file : quota.joinFiles()) {
        Path v1 = file.resolveSibling("freezer.state");
        Path v2 = file.resolveSibling("cgroup.freeze");
        if (Files.exists(v1)) {
          Files.writeString(v1, "FROZEN");
        } else if (Files.exists(v2)) {
          Files.writeString(v2, "1");
        }
      }

      quota.kill();

      assertThat(sleeper.exit()).isEqualTo(128 + 9);
    }
  }

  /** Its death is told to who traces it, and to its parent only when that one has waited for it. */
  @ParameterizedTest
  @EnumSource
  void whoIsStoppedByATracerDies(Tier tier) throws Exception {
    try (QuotaEnforcer quotas = tier.quotas()) {
      CellQuota quota = quotas.open("acme", "traced", Host.limits(1000, 256, 16));
      try (JoinedProcess sleeper = JoinedProcess.start(quota, "/bin/sleep", "3600")) {
        Process tracer =
            new ProcessBuilder("/usr/bin/python3", "-c", TRACER, "" + sleeper.pid())
                .redirectErrorStream(true)
                .start();
        try (BufferedReader says = tracer.inputReader()) {
          String line = says.readLine();
          assumeFalse(
              "EPERM".equals(line),
              "needs to trace what isn't its child: kernel.yama.ptrace_scope");
          assertThat(line).isEqualTo("stopped");

          quota.kill();

          assertThat(says.readLine()).isEqualTo("killed by 9");
          assertThat(sleeper.exit()).isEqualTo(128 + 9);
          quota.close();
          assertThat(quota.joinFiles()).noneMatch(Files::exists);
        } finally {
          tracer.destroyForcibly();
        }
      }
    }
  }
}
