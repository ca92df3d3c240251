package io.cordon.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import io.cordon.policy.Limit;
import java.util.List;
import org.junit.jupiter.api.Test;

class OutcomeExceptionTest {

  @Test
  void aLimitIsToldWithWhatWasUsedOfIt() {
    Trip trip = new Trip(Limit.MEMORY, Limit.Effect.KILL, 4096, 2048, Evidence.KERNEL);
    assertThat(exceeded(trip))
        .hasMessageEndingWith(
            "tenant acme exceeded memory.max: 4096 of 2048 BYTES (evidence: KERNEL)");
  }

  @Test
  void howOftenProcessesWereDeniedIsNotTakenForHowManyThereWere() {
    Trip trip = new Trip(Limit.PIDS, Limit.Effect.DENY, 3, 64, Evidence.KERNEL);
    assertThat(exceeded(trip))
        .hasMessageEndingWith(
            "tenant acme exceeded pids.max: more than 64 wanted, 3 times (evidence: KERNEL)");
  }

  private static OutcomeException exceeded(Trip trip) {
    TaskReport report =
        new TaskReport("acme", Isolation.refused(List.of()), Usage.NONE, List.of(trip));
    return new OutcomeException(new Outcome.LimitExceeded<>(trip, report));
  }
}
