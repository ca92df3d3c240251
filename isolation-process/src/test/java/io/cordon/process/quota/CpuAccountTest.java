package io.cordon.process.quota;

import static org.assertj.core.api.Assertions.assertThat;

import io.cordon.process.quota.CpuMeter.CpuTime;
import java.util.Random;
import org.junit.jupiter.api.Test;

class CpuAccountTest {
  private static final CpuTime NOTHING = new CpuTime(0, 0);

  @Test
  void timeThatNoTickHasMetCounts() {
    assertThat(CpuAccount.divide(1_234_567, 0, 0, NOTHING)).isEqualTo(new CpuTime(1_234_567, 0));
  }

  @Test
  void theWholeIsDividedAsTheTicksAre() {
    assertThat(CpuAccount.divide(1_000_001, 4_000_000, 12_000_000, NOTHING))
        .isEqualTo(new CpuTime(250_001, 750_000));
  }

  @Test
  void centuriesDoNotOverflow() {
    CpuTime time = CpuAccount.divide(Long.MAX_VALUE / 2, 1L << 60, 1L << 60, NOTHING);

    assertThat(time.user()).isPositive();
    assertThat(time.user() + time.system()).isEqualTo(Long.MAX_VALUE / 2);
  }

  @Test
  void neitherPartEverShrinksAndTheSumIsTheWhole() {
    Random random = new Random(42);
    for (int run = 0; run < 1000; run++) {
      long whole = 0;
      long user = 0;
      long system = 0;
      CpuTime last = NOTHING;
      for (int step = 0; step < 100; step++) {
        whole += random.nextInt(10_000_000);
        user += random.nextInt(3) * 4_000_000L;
        system += random.nextInt(3) * 4_000_000L;
        CpuTime now = CpuAccount.divide(whole, user, system, last);

        assertThat(now.user()).isGreaterThanOrEqualTo(last.user());
        assertThat(now.system()).isGreaterThanOrEqualTo(last.system());
        assertThat(now.user() + now.system()).isEqualTo(whole);
        last = now;
      }
    }
  }
}
