package io.cordon.engine.policy;

import static org.assertj.core.api.Assertions.assertThat;

import io.cordon.engine.admission.FakeTicker;
import io.cordon.engine.policy.LookTimes.Pace;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class LookTimesTest {
  private static final Duration SOON = Duration.ofMillis(100);
  private static final Duration ANYWAY = Duration.ofSeconds(15);

  private final FakeTicker ticker = new FakeTicker();
  private final LookTimes times = new LookTimes(new Pace(SOON, ANYWAY), ticker.read());

  private Duration left() {
    return times.untilDue(ticker.read());
  }

  @Test
  void theFirstLookIsDueAtOnceAndTheNextAfterAWhile() {
    assertThat(left()).isZero();

    times.looked(ticker.read(), true);
    assertThat(left()).isEqualTo(ANYWAY);
    ticker.pass(ANYWAY);
    assertThat(left()).isZero();
    ticker.pass(ANYWAY);
    assertThat(left()).as("who comes late is due").isZero();
  }

  @Test
  void aChangeIsLookedAtSoonAndManyDoNotPutItOff() {
    times.looked(ticker.read(), true);
    assertThat(times.settling()).isFalse();

    times.changed(ticker.read());
    assertThat(left()).isEqualTo(SOON);
    assertThat(times.settling()).isTrue();
    ticker.pass(SOON.dividedBy(2));
    times.changed(ticker.read());
    assertThat(left()).isEqualTo(SOON.dividedBy(2));
  }

  @Test
  void whatHasNotSettledIsLookedAtAgainSoon() {
    times.looked(ticker.read(), false);
    assertThat(left()).isEqualTo(SOON);

    times.looked(ticker.read(), true);
    assertThat(left()).isEqualTo(ANYWAY);
    assertThat(times.settling()).isFalse();
  }
}
