package io.cordon.process.quota;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.cordon.policy.Protection;
import io.cordon.sandbox.Layer;
import io.cordon.sandbox.spi.LimitLayer;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** No quota is ever silently missing. */
class DetectionOnThisHostIT {

  @Test
  void everyQuotaIsALayer() {
    try (QuotaEnforcer quotas = Host.quotas()) {
      assertThat(quotas.layers())
          .extracting(Layer::name)
          .containsExactly(
              "cgroup-memory",
              "cgroup-cpu",
              "cgroup-pids",
              "cgroup-cpu-weight",
              "cgroup-cpuset",
              "cgroup-memory-high",
              "cgroup-memory-swap",
              "cgroup-io-max",
              "cgroup-io-weight");
      assertThat(quotas.layers())
          .allSatisfy(
              layer -> {
                assertThat(layer.protection()).contains(Protection.CGROUP);
                assertThat(layer.detail()).isNotBlank();
              });
    }
  }

  @Test
  void whereNoGroupCanBeWrittenAllIsAdvisoryWithARemedy() {
    assumeFalse(
        Files.isWritable(Path.of("/proc/1/oom_score_adj")),
        "runs as root: the case of an ordinary user is not met");
    try (QuotaEnforcer quotas = Host.quotas()) {
      assumeTrue(quotas.tier().equals("rlimit"), "this user has groups to write to");
      assertThat(quotas.layers())
          .filteredOn(layer -> LimitLayer.of(layer.name()).isEmpty())
          .allSatisfy(
              layer -> {
                assertThat(layer.state()).isEqualTo(Layer.State.ADVISORY);
                assertThat(layer.remedy()).contains("Delegate=yes");
              });
    }
  }

  @Test
  void cellsAreBelowTheGroupsOfThisJvm() throws Exception {
    OwnGroups own = OwnGroups.of(Path.of("/proc/self"));
    try (QuotaEnforcer quotas = Host.groupQuotas();
        CellQuota quota = quotas.open("acme", "below", Host.limits(1000, 64, 16))) {
      Path memory =
          quota.joinFiles().stream()
              .filter(
                  file ->
                      Files.exists(file.resolveSibling("memory.limit_in_bytes"))
                          || Files.exists(file.resolveSibling("memory.max")))
              .findFirst()
              .orElseThrow();

      Path mine = own.v1(Controller.MEMORY).or(own::v2).orElseThrow();
      assertThat(Host.applicationGroup(memory).resolveSibling(""))
          .isEqualTo(mine.endsWith(CgroupV2Detection.HOST) ? mine.resolveSibling("") : mine);
    }
  }
}
