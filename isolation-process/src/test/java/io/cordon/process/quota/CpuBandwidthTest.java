package io.cordon.process.quota;

import static org.assertj.core.api.Assertions.assertThat;

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

    assertThat(version.settings(Controller.CPU, Host.limits(500, 64, 16))).isEmpty();
    assertThat(version.settings(Controller.CPU, Host.limits(2000, 64, 16))).isEmpty();
    assertThat(version.settings(Controller.CPU, Host.limits(499, 64, 16))).hasSize(2);
  }
}
