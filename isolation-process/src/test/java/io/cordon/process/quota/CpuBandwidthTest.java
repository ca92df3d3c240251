package io.cordon.process.quota;

import static org.assertj.core.api.Assertions.assertThat;

import io.cordon.policy.TenantLimits;
import java.util.List;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CpuBandwidthTest {

  @ParameterizedTest
  @CsvSource({"1,1000,1000000", "9,9000,1000000", "10,1000,100000", "1500,150000,100000"})
  void neverAsksForLessThanTheKernelsMillisecond(long millicores, long quota, long period) {
    CpuBandwidth bandwidth = CpuBandwidth.ofMillicores(millicores);

    assertThat(bandwidth).isEqualTo(new CpuBandwidth(quota, period));
    assertThat(bandwidth.millicores()).isEqualTo(millicores);
  }

  @Test
  void aCellHasNoLimitOfItsOwnWhereTheApplicationsIsTighter() {
    CgroupV1 version = new CgroupV1(OptionalLong.of(500));

    assertThat(cpu(version, 500, TenantLimits.NONE)).containsExactly(NONE);
    assertThat(cpu(version, 2000, TenantLimits.NONE)).containsExactly(NONE);
    assertThat(cpu(version, 499, TenantLimits.NONE)).hasSize(2);
  }

  @Test
  void aCellHasNoLimitOfItsOwnWhereItsTenantsIsTighter() {
    CgroupV1 version = new CgroupV1(OptionalLong.empty());
    TenantLimits tenant =
        new TenantLimits(
            OptionalInt.empty(), OptionalLong.of(300), OptionalLong.empty(), OptionalInt.empty());

    assertThat(cpu(version, 300, tenant)).containsExactly(NONE);
    assertThat(cpu(version, 299, tenant)).hasSize(2);
    assertThat(version.settings(Controller.CPU, tenant)).hasSize(2);
    assertThat(version.settings(Controller.CPU, TenantLimits.NONE)).containsExactly(NONE);
  }

  private static final Setting NONE = Setting.of("cpu.cfs_quota_us", -1);

  private static List<Setting> cpu(CgroupV1 version, long millicores, TenantLimits tenant) {
    return version.settings(Controller.CPU, Host.limits(millicores, 64, 16), tenant);
  }
}
