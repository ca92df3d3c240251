package io.cordon.process.quota;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The kernel holds back who would use more than its share of a core. */
class CpuLimitThrottlesIT {
  private static final String SPIN = "while True: pass";

  @Test
  void aSpinnerIsThrottled() throws Exception {
    try (QuotaEnforcer quotas = Host.groupQuotas();
        CellQuota quota = quotas.open("acme", "spinner", Host.limits(50, 256, 16));
        JoinedProcess _ = JoinedProcess.python(quota, SPIN)) {

      Await.until("throttled", () -> throttled(quota) > 0);

      Await.until("its time counts", () -> quota.counters().cpuUserNanos() > 0);
    }
  }

  @Test
  void theLimitIsFiftyThousandthsOfACore() throws Exception {
    try (QuotaEnforcer quotas = Host.groupQuotas();
        CellQuota quota = quotas.open("acme", "fifty", Host.limits(50, 256, 16))) {
      Path group = cpuGroup(quota);

      assertThat(
              Files.exists(group.resolve("cpu.max"))
                  ? Files.readString(group.resolve("cpu.max")).strip()
                  : Files.readString(group.resolve("cpu.cfs_quota_us")).strip()
                      + " "
                      + Files.readString(group.resolve("cpu.cfs_period_us")).strip())
          .isEqualTo("5000 100000");
    }
  }

  private static long throttled(CellQuota quota) {
    try {
      return Files.readAllLines(cpuGroup(quota).resolve("cpu.stat")).stream()
          .filter(line -> line.startsWith("nr_throttled "))
          .mapToLong(line -> Long.parseLong(line.substring("nr_throttled ".length())))
          .sum();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Path cpuGroup(CellQuota quota) {
    Optional<Path> group =
        quota.joinFiles().stream()
            .map(Path::getParent)
            .filter(
                path ->
                    Files.exists(path.resolve("cpu.cfs_quota_us"))
                        || Files.exists(path.resolve("cpu.max")))
            .findFirst();
    return group.orElseThrow(() -> new AssertionError("no cpu group in " + quota.joinFiles()));
  }
}
