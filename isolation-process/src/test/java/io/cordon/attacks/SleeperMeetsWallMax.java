package io.cordon.attacks;

import static org.assertj.core.api.Assertions.assertThat;

import io.cordon.harness.MarkedProcesses;
import io.cordon.harness.OutcomeAssert;
import io.cordon.harness.Tools;
import io.cordon.policy.Limit;
import io.cordon.sandbox.Evidence;
import io.cordon.sandbox.Exit;
import io.cordon.sandbox.Outcome;
import io.cordon.sandbox.Tenant;
import io.cordon.sandbox.Trip;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Attack 57: sleep for ever. */
interface SleeperMeetsWallMax {

  Duration WALL = Duration.ofMillis(300);
  Duration PROMISE = Duration.ofMillis(100);

  @Test
  default void itsTimeIsUpOnTime(Tenant hasty, Tools tools) {
    // A busy host may be late; one that keeps the promise at all keeps it in one of a few tries.
    long best = Long.MAX_VALUE;
    for (int attempt = 0; attempt < 10 && best > PROMISE.toNanos(); attempt++) {
      MarkedProcesses sleeper = MarkedProcesses.create();
      Outcome<Exit> outcome =
          hasty.submit(tools.sh("sleep 1000; true", sleeper.marker())).outcome();

      Trip trip = OutcomeAssert.assertThat(outcome).exceeded(Limit.WALL, Evidence.HOST);
      assertThat(trip.allowed()).isEqualTo(WALL.toNanos());
      assertThat(trip.observed()).isGreaterThanOrEqualTo(WALL.toNanos());
      assertThat(outcome.report().usage().wall()).isGreaterThanOrEqualTo(WALL);
      assertThat(sleeper.alive()).isEmpty();
      best = Math.min(best, trip.observed() - WALL.toNanos());
    }
    assertThat(best).as("nanoseconds late").isLessThanOrEqualTo(PROMISE.toNanos());
  }

  @Test
  default void theControlSleepsOn() throws Exception {
    Process sleeper = new ProcessBuilder("sleep", "1000").start();
    try {
      assertThat(sleeper.waitFor(2 * WALL.toMillis(), TimeUnit.MILLISECONDS)).isFalse();
    } finally {
      sleeper.destroyForcibly().waitFor();
    }
  }
}
