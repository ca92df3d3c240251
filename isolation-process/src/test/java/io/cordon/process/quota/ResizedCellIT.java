package io.cordon.process.quota;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.cordon.policy.SandboxLimits;
import io.cordon.policy.SandboxLimits.Tuning;
import io.cordon.sandbox.ErrorCode;
import io.cordon.sandbox.SandboxException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A cell's limits change while it runs. */
class ResizedCellIT {
  private static final long MIB = 1 << 20;
  private static final String GROWS_WHEN_TOLD =
      """
      hoard = [b'x' * (48 << 20)]
      print('up', flush=True)
      while True:
          input()
          hoard.append(b'x' * (64 << 20))
          print('grown', flush=True)
      """;
  private static final String FORKS_WHEN_TOLD =
      """
      import os, time
      while True:
          input()
          try:
              if os.fork() == 0:
                  time.sleep(3600)
              print('forked', flush=True)
          except OSError:
              print('denied', flush=True)
      """;

  @ParameterizedTest
  @EnumSource
  void memoryThatGrowsAndShrinks(Tier tier) throws Exception {
    try (QuotaEnforcer quotas = tier.quotas();
        CellQuota quota = quotas.open("acme", "grows", Host.limits(1000, 96, 16));
        JoinedProcess process = JoinedProcess.python(quota, GROWS_WHEN_TOLD)) {
      assertThat(process.line()).isEqualTo("up");

      quota.resize(Host.limits(1000, 256, 16));
      process.tell("");
      assertThat(process.line()).as("more than it had at first").isEqualTo("grown");
      assertThat(quota.counters().memoryKills()).isZero();

      quota.resize(Host.limits(1000, 144, 16));
      process.tell("");

      assertThat(process.exit()).isEqualTo(128 + 9);
      assertThat(quota.counters().memoryKills()).isPositive();
      assertThat(quota.counters().memoryPeak().orElseThrow()).isBetween(112 * MIB, 256 * MIB);
    }
  }

  @Test
  void lessMemoryThanIsInUseIsRefusedAndNothingChanges() throws Exception {
    try (QuotaEnforcer quotas = Host.groupQuotas();
        CellQuota quota = quotas.open("acme", "full", Host.limits(1000, 96, 16));
        JoinedProcess process = JoinedProcess.python(quota, GROWS_WHEN_TOLD)) {
      assertThat(process.line()).isEqualTo("up");
      String before = limits(quota);

      assertThatExceptionOfType(SandboxException.class)
          .isThrownBy(() -> quota.resize(Host.limits(500, 16, 8)))
          .satisfies(e -> assertThat(e.code()).isEqualTo(ErrorCode.LIMIT_IN_USE))
          .withMessageContaining("16Mi");

      assertThat(limits(quota)).isEqualTo(before);
      assertThat(process.alive()).isTrue();
      assertThat(quota.counters().memoryKills()).isZero();
    }
  }

  @Test
  void norIsItWhereMemoryIsOnlyWatched() throws Exception {
    try (QuotaEnforcer quotas = Host.watchingQuotas();
        CellQuota quota = quotas.open("acme", "full", Host.limits(1000, 96, 16));
        JoinedProcess process = JoinedProcess.python(quota, GROWS_WHEN_TOLD)) {
      assertThat(process.line()).isEqualTo("up");
      Await.until("seen", () -> quota.counters().memoryCurrent().orElse(0) > 48 * MIB);

      assertThatExceptionOfType(SandboxException.class)
          .isThrownBy(() -> quota.resize(Host.limits(1000, 16, 16)))
          .satisfies(e -> assertThat(e.code()).isEqualTo(ErrorCode.LIMIT_IN_USE));

      assertThat(quota.counters().memoryKills()).isZero();
      quota.kill();
    }
  }

  @Test
  void aWeightThatComesAndGoes() throws Exception {
    SandboxLimits plain = Host.limits(1000, 96, 16);
    Tuning none = Tuning.BUILT_IN;
    SandboxLimits heavy =
        plain.tuned(
            new Tuning(
                300,
                none.cpus(),
                none.mems(),
                none.memoryHigh(),
                none.memorySwapMax(),
                none.io(),
                none.ioWeight(),
                none.filesMax()));
    try (QuotaEnforcer quotas = Host.groupQuotas();
        CellQuota quota = quotas.open("acme", "weighed", plain)) {
      String before = weight(quota);
      quota.resize(heavy);
      assertThat(weight(quota)).isIn("300", "3072");
      quota.resize(plain);
      assertThat(weight(quota)).isEqualTo(before);
    }
  }

  private static String weight(CellQuota quota) throws Exception {
    for (Path file : quota.joinFiles()) {
      for (String name : new String[] {"cpu.shares", "cpu.weight"}) {
        if (Files.exists(file.resolveSibling(name))) {
          return Files.readString(file.resolveSibling(name)).strip();
        }
      }
    }
    throw new AssertionError("no group of the cpu controller");
  }

  @Test
  void processesAndProcessorTime() throws Exception {
    try (QuotaEnforcer quotas = Host.groupQuotas();
        CellQuota quota = quotas.open("acme", "forks", Host.limits(1000, 256, 2));
        JoinedProcess process = JoinedProcess.python(quota, FORKS_WHEN_TOLD)) {
      process.tell("");
      assertThat(process.line()).isEqualTo("forked");
      process.tell("");
      assertThat(process.line()).isEqualTo("denied");

      quota.resize(Host.limits(50, 256, 3));

      process.tell("");
      assertThat(process.line()).isEqualTo("forked");
      assertThat(quota.counters().pidsDenied()).as("still known").isEqualTo(1);
      assertThat(limits(quota)).contains("5000");
      quota.kill();
    }
  }

  @Test
  void whatNothingHoldsIsNotChanged() {
    try (QuotaEnforcer quotas = Host.watchingQuotas();
        CellQuota quota = quotas.open("acme", "watched", Host.limits(1000, 256, 8))) {
      assertThatExceptionOfType(SandboxException.class)
          .isThrownBy(() -> quota.resize(Host.limits(1000, 256, 7)))
          .satisfies(e -> assertThat(e.code()).isEqualTo(ErrorCode.NOT_LIVE))
          .withMessageContaining("pids.max");
      assertThatExceptionOfType(SandboxException.class)
          .isThrownBy(() -> quota.resize(Host.limits(500, 256, 8)))
          .withMessageContaining("cpu.max");
    }
  }

  /** What the kernel has of each limit. */
  private static String limits(CellQuota quota) throws Exception {
    StringBuilder limits = new StringBuilder();
    for (Path file : quota.joinFiles()) {
      for (String name :
          new String[] {
            "memory.limit_in_bytes",
            "memory.max",
            "memory.high",
            "cpu.cfs_quota_us",
            "cpu.max",
            "pids.max"
          }) {
        Path limit = file.resolveSibling(name);
        if (Files.exists(limit)) {
          limits.append(name).append(' ').append(Files.readString(limit));
        }
      }
    }
    return limits.toString();
  }
}
