package io.cordon.engine.admission;

import static org.assertj.core.api.Assertions.assertThat;

import io.cordon.policy.TaskRate;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TokenBucketTest {
  private final FakeTicker ticker = new FakeTicker();

  private TokenBucket bucket(int count, Duration period) {
    return new TokenBucket(new TaskRate(count, period), ticker.read());
  }

  /** How many tokens there are now; they are all taken. */
  private int drain(TokenBucket bucket) {
    int tokens = 0;
    while (bucket.untilToken(ticker.read()) == 0) {
      bucket.take(ticker.read());
      tokens++;
    }
    return tokens;
  }

  @Test
  void aFullBucketHasTheWholeCount() {
    assertThat(drain(bucket(5, Duration.ofSeconds(1)))).isEqualTo(5);
  }

  @Test
  void aTokenComesAtTheVeryNanosecondAndNotBefore() {
    TokenBucket bucket = bucket(5, Duration.ofSeconds(1));
    drain(bucket);

    assertThat(bucket.untilToken(ticker.read())).isEqualTo(200_000_000);
    ticker.pass(Duration.ofNanos(199_999_999));
    assertThat(bucket.untilToken(ticker.read())).isEqualTo(1);
    ticker.pass(Duration.ofNanos(1));
    assertThat(drain(bucket)).isEqualTo(1);
    assertThat(bucket.untilToken(ticker.read())).isEqualTo(200_000_000);
  }

  @Test
  void anIdleBucketIsFullAndNoFuller() {
    TokenBucket bucket = bucket(5, Duration.ofSeconds(1));
    drain(bucket);
    ticker.pass(Duration.ofMillis(600));
    assertThat(drain(bucket)).isEqualTo(3);

    ticker.pass(Duration.ofDays(300));
    assertThat(drain(bucket)).isEqualTo(5);
  }

  @ParameterizedTest
  @CsvSource({"7, 1", "3, 10", "1, 1", "999983, 1", "1000000, 86400"})
  void neverMoreThanTheRateAndAsGoodAsTheRate(int count, long seconds) {
    Duration period = Duration.ofSeconds(seconds);
    TokenBucket bucket = bucket(count, period);
    assertThat(drain(bucket)).isEqualTo(count);

    int taken = 0;
    for (int i = 0; i < 100; i++) {
      ticker.pass(period.dividedBy(100));
      taken += drain(bucket);
    }
    // A token's interval is whole nanoseconds, and not too few: that is what may be missing.
    assertThat(taken).isBetween(count - 1 - (int) ((long) count * count / period.toNanos()), count);
  }
}
