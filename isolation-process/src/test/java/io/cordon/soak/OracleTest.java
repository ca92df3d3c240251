package io.cordon.soak;

import static org.assertj.core.api.Assertions.assertThat;

import io.cordon.harness.ProcessUnderTest;
import io.cordon.policy.Limit;
import io.cordon.sandbox.Evidence;
import io.cordon.sandbox.Isolation;
import io.cordon.sandbox.Outcome;
import io.cordon.sandbox.TaskReport;
import io.cordon.sandbox.Trip;
import io.cordon.sandbox.Usage;
import java.time.Duration;
import java.util.List;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Nothing that is wrong gets past the oracle. */
class OracleTest {
  private static final long MEMORY = Profile.CALM.memory();
  private static final Trip OUT_OF_MEMORY =
      new Trip(Limit.MEMORY, Limit.Effect.KILL, MEMORY, MEMORY, Evidence.KERNEL);
  private static final Trip OUT_OF_TIME =
      new Trip(Limit.WALL, Limit.Effect.KILL, 600_000_000_001L, 600_000_000_000L, Evidence.HOST);
  private static final Scenario HOG = scenario(new Ending.Met(Limit.MEMORY, MEMORY));

  private static Scenario scenario(Ending natural) {
    return new Scenario(
        0,
        new Work.Program(Profile.CALM, "echo done", natural),
        new Disturbance.Nothing(),
        Duration.ZERO);
  }

  private static TaskReport report(Trip... trips) {
    return new TaskReport(
        Profile.CALM.tenant(1),
        new Isolation("process", "cgroup-v1", List.of(), List.of()),
        new Usage(Duration.ofMillis(5), Duration.ZERO, Duration.ZERO, OptionalLong.of(4096), 0),
        List.of(trips));
  }

  private static List<String> faults(Scenario scenario, Outcome<?> outcome, Ending... possible) {
    return new Oracle(new ProcessUnderTest())
        .faults(scenario, List.of(possible), new Told.Ended(outcome, ""), Duration.ofMillis(10));
  }

  @Test
  void whatIsTrueIsNoFault() {
    assertThat(faults(HOG, new Outcome.LimitExceeded<>(OUT_OF_MEMORY, report(OUT_OF_MEMORY))))
        .isEmpty();
    assertThat(faults(HOG, new Outcome.Cancelled<>(report()), new Ending.Cancelled())).isEmpty();
  }

  @Test
  void anotherEndIs() {
    assertThat(faults(HOG, new Outcome.Crashed<>(9, "SIGKILL", report()))).isNotEmpty();
    assertThat(faults(HOG, new Outcome.Cancelled<>(report()))).isNotEmpty();
    assertThat(faults(HOG, new Outcome.Failed<>("", OptionalInt.of(137), "", report())))
        .isNotEmpty();
    assertThat(
            faults(
                scenario(new Ending.Status(3)),
                new Outcome.Failed<>("", OptionalInt.of(4), "", report())))
        .isNotEmpty();
  }

  @Test
  void aLimitThatItCannotHaveMetIs() {
    assertThat(faults(HOG, new Outcome.LimitExceeded<>(OUT_OF_TIME, report(OUT_OF_TIME))))
        .isNotEmpty();
    assertThat(
            faults(
                HOG,
                new Outcome.LimitExceeded<>(OUT_OF_MEMORY, report(OUT_OF_MEMORY, OUT_OF_TIME))))
        .as("only listed")
        .isNotEmpty();
  }

  @Test
  void aKillForLessThanIsAllowedIs() {
    Trip early = new Trip(Limit.MEMORY, Limit.Effect.KILL, MEMORY / 2, MEMORY, Evidence.KERNEL);

    assertThat(faults(HOG, new Outcome.LimitExceeded<>(early, report(early)))).isNotEmpty();
  }

  @Test
  void anotherWitnessIs() {
    Trip told = new Trip(Limit.MEMORY, Limit.Effect.KILL, MEMORY, MEMORY, Evidence.GUEST);

    assertThat(faults(HOG, new Outcome.LimitExceeded<>(told, report(told)))).isNotEmpty();
  }

  @Test
  void theSameNumberDrawsTheSameScenario() {
    Scenarios scenarios = new Scenarios(42, Menu.FULL);
    IntStream.range(0, 1000)
        .forEach(
            index ->
                assertThat(scenarios.draw(index))
                    .isEqualTo(new Scenarios(42, Menu.FULL).draw(index)));
    assertThat(IntStream.range(0, 1000).mapToObj(scenarios::draw).map(Scenario::work).distinct())
        .hasSizeGreaterThan(100);
  }
}
