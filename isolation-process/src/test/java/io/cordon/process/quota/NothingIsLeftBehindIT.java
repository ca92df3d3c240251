package io.cordon.process.quota;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cordon.sandbox.SandboxException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

class NothingIsLeftBehindIT {

  @Test
  void aClosedCellHasNoGroups() throws Exception {
    try (QuotaEnforcer quotas = Host.groupQuotas()) {
      CellQuota quota = quotas.open("acme", "brief", Host.limits(1000, 64, 16));
      List<Path> files = quota.joinFiles();
      assertThat(files).isNotEmpty().allMatch(Files::exists);
      try (JoinedProcess brief = JoinedProcess.start(quota, "/bin/true")) {
        assertThat(brief.exit()).isZero();
      }

      quota.close();
      quota.close();

      assertThat(files).noneMatch(file -> Files.exists(file.resolve("..").normalize()));
    }
  }

  @Test
  void aClosedCellKeepsItsFigures() throws Exception {
    try (QuotaEnforcer quotas = Host.groupQuotas()) {
      CellQuota quota = quotas.open("acme", "brief", Host.limits(1000, 64, 16));
      try (JoinedProcess brief =
          JoinedProcess.python(quota, "h = b'x' * (16 << 20); sum(range(1000000))")) {
        assertThat(brief.exit()).isZero();
      }
      QuotaCounters before = quota.counters();

      quota.close();

      QuotaCounters after = quota.counters();
      assertThat(after.memoryPeak()).isEqualTo(before.memoryPeak());
      assertThat(after.cpuUserNanos() + after.cpuSystemNanos())
          .isGreaterThanOrEqualTo(before.cpuUserNanos() + before.cpuSystemNanos())
          .isPositive();
    }
  }

  @Test
  void aClosedEnforcerLeavesNeitherGroupsNorProcesses() throws Exception {
    QuotaEnforcer quotas = Host.groupQuotas();
    CellQuota quota = quotas.open("acme", "forgotten", Host.limits(1000, 64, 16));
    List<Path> files = quota.joinFiles();
    try (JoinedProcess forgotten = JoinedProcess.start(quota, "/bin/sleep", "3600")) {

      quotas.close();

      assertThat(forgotten.exit()).isEqualTo(128 + 9);
      assertThat(files).noneMatch(file -> Files.exists(Host.applicationGroup(file)));
      assertThatThrownBy(() -> quotas.open("acme", "late", Host.limits(1000, 64, 16)))
          .isInstanceOf(SandboxException.class);
    }
  }

  @Test
  void aCellThatIsThereAlreadyIsRefusedAndKept() throws Exception {
    try (QuotaEnforcer quotas = Host.groupQuotas();
        CellQuota first = quotas.open("acme", "same", Host.limits(1000, 64, 16))) {

      assertThatThrownBy(() -> quotas.open("acme", "same", Host.limits(1000, 128, 16)))
          .isInstanceOf(SandboxException.class)
          .hasMessageContaining("acme/same");

      assertThat(first.joinFiles()).allMatch(Files::exists);
    }
  }

  @Test
  void fiveHundredCellsCostNoDescriptorsWhenClosed() throws Exception {
    try (QuotaEnforcer quotas = Host.groupQuotas()) {
      quotas.open("warm", "up", Host.limits(1000, 64, 16)).close();
      long before = descriptors();
      List<CellQuota> cells = new ArrayList<>();
      for (int i = 0; i < 500; i++) {
        cells.add(quotas.open("tenant-" + i % 5, "cell-" + i, Host.limits(1000, 64, 16)));
      }
      cells.forEach(CellQuota::close);

      // Fewer, where what is left of a process that ended before was closed meanwhile.
      Await.until("no more descriptors than before", () -> descriptors() <= before);
    }
  }

  @Test
  void twoEnforcersOfOneJvmDoNotMeet() throws Exception {
    try (QuotaEnforcer one = Host.groupQuotas();
        QuotaEnforcer other = Host.groupQuotas();
        CellQuota ofOne = one.open("acme", "same", Host.limits(1000, 64, 16));
        CellQuota ofOther = other.open("acme", "same", Host.limits(1000, 64, 16))) {

      assertThat(ofOne.joinFiles()).doesNotContainAnyElementsOf(ofOther.joinFiles());
    }
  }

  @Test
  void manyThreadsCanOpenAndCloseCellsOfOneTenant() throws Exception {
    try (QuotaEnforcer quotas = Host.groupQuotas();
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<?>> all = new ArrayList<>();
      for (int i = 0; i < 200; i++) {
        String cell = "cell-" + i;
        all.add(
            threads.submit(
                () -> {
                  try (CellQuota quota = quotas.open("acme", cell, Host.limits(1000, 64, 16));
                      JoinedProcess brief = JoinedProcess.start(quota, "/bin/true")) {
                    assertThat(brief.exit()).isZero();
                    assertThat(quota.counters().cpuUserNanos() + quota.counters().cpuSystemNanos())
                        .isPositive();
                  }
                  return cell;
                }));
      }
      for (Future<?> one : all) {
        one.get();
      }
    }
  }

  private static long descriptors() {
    try (var descriptors = Files.list(Path.of("/proc/self/fd"))) {
      return descriptors.count();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
