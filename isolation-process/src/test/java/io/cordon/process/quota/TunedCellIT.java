package io.cordon.process.quota;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.cordon.policy.IndexSet;
import io.cordon.policy.SandboxLimits;
import io.cordon.policy.SandboxLimits.Io;
import io.cordon.policy.SandboxLimits.Tuning;
import io.cordon.sandbox.Layer;
import io.cordon.sandbox.spi.LimitLayer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

/** Limits that few policies set reach the kernel, and hold there. */
class TunedCellIT {
  private static final Tuning NONE = Tuning.BUILT_IN;

  private static SandboxLimits tuned(Tuning tuning) {
    return new SandboxLimits(1000, 64 << 20, 16, new SandboxLimits.Disk(1 << 20, 100), tuning);
  }

  private static QuotaEnforcer quotasWith(LimitLayer needed) {
    QuotaEnforcer quotas = Host.groupQuotas();
    Layer layer =
        quotas.layers().stream()
            .filter(each -> each.name().equals(needed.layer()))
            .findFirst()
            .orElseThrow();
    if (layer.state() == Layer.State.MISSING) {
      quotas.close();
    }
    assumeTrue(
        layer.state() != Layer.State.MISSING,
        () -> "needs " + layer.name() + ": " + layer.detail());
    return quotas;
  }

  @Test
  void aCellOfOneProcessorRunsOnThatAlone() throws Exception {
    try (QuotaEnforcer quotas = quotasWith(LimitLayer.CPUSET);
        CellQuota quota =
            quotas.open(
                "acme",
                "pinned",
                tuned(
                    new Tuning(
                        100,
                        Optional.of(IndexSet.of(0)),
                        Optional.empty(),
                        OptionalLong.empty(),
                        0,
                        Io.UNLIMITED,
                        100,
                        1024)));
        JoinedProcess process =
            JoinedProcess.python(quota, "import os; print(sorted(os.sched_getaffinity(0)))")) {
      assertThat(process.line()).isEqualTo("[0]");
      assertThat(process.exit()).isZero();
    }
  }

  @Test
  void whoSetsNothingOfTheKindJoinsNoMoreGroupsForIt() {
    try (QuotaEnforcer quotas = Host.groupQuotas();
        CellQuota quota = quotas.open("acme", "plain", tuned(NONE))) {
      assertThat(quota.joinFiles())
          .noneMatch(file -> Files.exists(file.resolveSibling("cpuset.cpus")))
          .noneMatch(file -> Files.exists(file.resolveSibling("io.max")))
          .noneMatch(file -> Files.exists(file.resolveSibling("blkio.throttle.read_bps_device")));
    }
  }

  @Test
  void aWeightIsThatOfTheGroup() throws Exception {
    try (QuotaEnforcer quotas = quotasWith(LimitLayer.CPU_WEIGHT);
        CellQuota quota =
            quotas.open(
                "acme",
                "light",
                tuned(
                    new Tuning(
                        50,
                        Optional.empty(),
                        Optional.empty(),
                        OptionalLong.empty(),
                        0,
                        Io.UNLIMITED,
                        100,
                        1024)))) {
      assertThat(read(quota, "cpu.weight", "cpu.shares")).isIn("50", "512");
    }
  }

  @Test
  void readsAreThrottledAndCountedUntilTheKill() throws Exception {
    try (QuotaEnforcer quotas = quotasWith(LimitLayer.IO_MAX);
        CellQuota quota =
            quotas.open(
                "acme",
                "reader",
                tuned(
                    new Tuning(
                        100,
                        Optional.empty(),
                        Optional.empty(),
                        OptionalLong.empty(),
                        0,
                        new Io(
                            OptionalLong.of(1 << 20),
                            OptionalLong.of(2 << 20),
                            OptionalLong.empty(),
                            OptionalLong.of(77)),
                        100,
                        1024)))) {
      String limits =
          read(quota, "io.max", "blkio.throttle.read_bps_device")
              + read(quota, "io.max", "blkio.throttle.write_iops_device");
      assertThat(limits).contains("1048576", "77");
      assertThat(quota.counters().flow().readBytes()).isPresent();
      assertThat(quota.counters().flow().writtenBytes()).isPresent();

      quota.kill();
      assertThat(read(quota, "io.max", "blkio.throttle.read_bps_device")).isEmpty();
      assertThat(read(quota, "io.max", "blkio.throttle.write_iops_device")).isEmpty();
    }
  }

  @Test
  void aCellAboveMemoryHighGoesOn() throws Exception {
    try (QuotaEnforcer quotas = quotasWith(LimitLayer.MEMORY_HIGH);
        CellQuota quota =
            quotas.open(
                "acme",
                "high",
                tuned(
                    new Tuning(
                        100,
                        Optional.empty(),
                        Optional.empty(),
                        OptionalLong.of(24 << 20),
                        0,
                        Io.UNLIMITED,
                        100,
                        1024)));
        JoinedProcess process = JoinedProcess.python(quota, "h = b'x' * (26 << 20); print('up')")) {
      assertThat(process.line()).isEqualTo("up");
      assertThat(process.exit()).isZero();
      assertThat(read(quota, "memory.high")).isEqualTo(Long.toString(24 << 20));
      assertThat(read(quota, "memory.events")).doesNotContain("high 0\n");
      assertThat(quota.counters().memoryKills()).isZero();
    }
  }

  private static String read(CellQuota quota, String... names) throws IOException {
    for (Path file : quota.joinFiles()) {
      for (String name : names) {
        Path found = file.resolveSibling(name);
        if (Files.exists(found)) {
          return Files.readString(found).strip();
        }
      }
    }
    throw new AssertionError("none of " + String.join(", ", names));
  }
}
