package io.cordon.engine.admission;

import static org.assertj.core.api.Assertions.assertThat;

import io.cordon.policy.CpuBudget;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Random;
import org.junit.jupiter.api.Test;

class CpuWindowTest {
  private static final Duration MINUTE = Duration.ofMinutes(1);

  private final FakeTicker ticker = new FakeTicker();
  private final CpuWindow window =
      new CpuWindow(new CpuBudget(Duration.ofSeconds(10), Duration.ofHours(1)), ticker.read());

  private void charge(int seconds) {
    window.charge(Duration.ofSeconds(seconds).toNanos(), ticker.read());
  }

  private long used() {
    return Duration.ofNanos(window.used(ticker.read())).toSeconds();
  }

  private Duration untilLeft() {
    return Duration.ofNanos(window.untilLeft(ticker.read()));
  }

  @Test
  void aBudgetIsUsedUpAtItsVeryAmount() {
    charge(9);
    assertThat(untilLeft()).isZero();
    charge(1);
    assertThat(untilLeft()).isPositive();
  }

  @Test
  void whatWasUsedCountsForTheWholeWindowAndAtMostAPartLonger() {
    charge(10);
    ticker.pass(Duration.ofHours(1));
    assertThat(used()).isEqualTo(10);
    ticker.pass(MINUTE);
    assertThat(used()).isZero();
  }

  @Test
  void theWindowSlidesPastOneChargeAfterTheOther() {
    charge(4);
    ticker.pass(MINUTE.multipliedBy(20));
    charge(6);
    ticker.pass(MINUTE.multipliedBy(41));
    assertThat(used()).isEqualTo(6);
    ticker.pass(MINUTE.multipliedBy(20));
    assertThat(used()).isZero();
  }

  @Test
  void itTellsWhenSomethingIsLeftAgain() {
    charge(4);
    ticker.pass(MINUTE.multipliedBy(20));
    charge(16);
    Duration free = untilLeft();

    ticker.pass(free.minusNanos(1));
    assertThat(untilLeft()).isEqualTo(Duration.ofNanos(1));
    ticker.pass(Duration.ofNanos(1));
    assertThat(untilLeft()).isZero();
    assertThat(free).isBetween(Duration.ofHours(1), Duration.ofHours(1).plus(MINUTE));
  }

  @Test
  void anIdleYearForgetsEverything() {
    charge(100);
    ticker.pass(Duration.ofDays(200));
    assertThat(used()).isZero();
    charge(3);
    assertThat(used()).isEqualTo(3);
  }

  @Test
  void whoReadTheClockBeforeAnotherIsChargedAllTheSame() {
    long before = ticker.read();
    ticker.pass(MINUTE.multipliedBy(2));
    charge(1);
    window.charge(Duration.ofSeconds(2).toNanos(), before);
    assertThat(used()).isEqualTo(3);
  }

  @Test
  void itIsNeverLessThanWhatAnExactWindowHoldsAndAtMostAPartMore() {
    record Charge(long at, long nanos) {}
    Random random = new Random(7);
    Deque<Charge> all = new ArrayDeque<>();
    for (int i = 0; i < 20_000; i++) {
      ticker.pass(Duration.ofMillis(random.nextInt(60_000)));
      long now = ticker.read();
      long nanos = random.nextInt(1_000_000_000);
      window.charge(nanos, now);
      all.add(new Charge(now, nanos));
      long hour = Duration.ofHours(1).toNanos();
      all.removeIf(charge -> now - charge.at() > hour + MINUTE.toNanos());

      long atMost = all.stream().mapToLong(Charge::nanos).sum();
      long atLeast = all.stream().filter(it -> now - it.at() < hour).mapToLong(Charge::nanos).sum();
      assertThat(window.used(now)).isBetween(atLeast, atMost);
    }
  }

  @Test
  void anotherWindowHasWhatWasUsedInItsTime() {
    charge(1);
    ticker.pass(MINUTE.multipliedBy(30));
    charge(2);
    ticker.pass(MINUTE.multipliedBy(10));
    charge(4);

    CpuWindow shorter =
        window.changed(
            new CpuBudget(Duration.ofSeconds(10), MINUTE.multipliedBy(20)), ticker.read());
    assertThat(shorter.used(ticker.read())).isEqualTo(Duration.ofSeconds(6).toNanos());
    CpuWindow longer =
        window.changed(
            new CpuBudget(Duration.ofSeconds(10), MINUTE.multipliedBy(600)), ticker.read());
    assertThat(longer.used(ticker.read())).isEqualTo(Duration.ofSeconds(7).toNanos());

    ticker.pass(MINUTE.multipliedBy(11)); // the two seconds are 21 minutes old
    assertThat(shorter.used(ticker.read())).isEqualTo(Duration.ofSeconds(4).toNanos());
    ticker.pass(MINUTE.multipliedBy(10));
    assertThat(shorter.used(ticker.read())).isZero();
    ticker.pass(MINUTE.multipliedBy(600));
    assertThat(longer.used(ticker.read())).isZero();
  }
}
