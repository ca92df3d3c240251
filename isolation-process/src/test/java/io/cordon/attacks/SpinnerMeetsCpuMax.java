package io.cordon.attacks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.cordon.harness.OutcomeAssert;
import io.cordon.harness.Ran;
import io.cordon.harness.Tools;
import io.cordon.policy.Limit;
import io.cordon.sandbox.Evidence;
import io.cordon.sandbox.Exit;
import io.cordon.sandbox.TaskHandle;
import io.cordon.sandbox.Tenant;
import io.cordon.sandbox.Trip;
import io.cordon.sandbox.Usage;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Attack 56: keep every processor busy, with more threads than there are. */
interface SpinnerMeetsCpuMax {

  AttackProgram ATTACK = new AttackProgram("cpu_spin.py");
  String PROCESSES = "4";

  @Test
  default void theTimeOfAllItsThreadsIsCountedAndEndsIt(Tenant slow, Tools tools) {
    Ran ran = Ran.of(slow, ATTACK.command(tools, PROCESSES, "1000"));

    Trip trip = OutcomeAssert.assertThat(ran.outcome()).exceeded(Limit.CPU_TIME, Evidence.KERNEL);
    assertThat(trip.allowed()).isEqualTo(Duration.ofSeconds(1).toNanos());
    assertThat(ran.stdout()).doesNotContain("SPUN");
  }

  /** The kernel gives no more than a period's quota in a period: no host's load changes that. */
  @Test
  default void noMoreThanCpuMaxIsGiven(Tenant slow, Tenant victim, Tools tools) {
    TaskHandle<Exit> spinner = slow.submit(ATTACK.command(tools, PROCESSES, "1000"));
    while (!spinner.result().isDone()) {
      OutcomeAssert.assertThat(victim.submit(tools.command("true")).outcome()).succeeded();
    }

    OutcomeAssert.assertThat(spinner.outcome()).exceeded(Limit.CPU_TIME);
    assumeThat(spinner.isolation().tier())
        .as("who holds cpu.max: without control groups it is no more than advice")
        .doesNotContain("rlimit");
    Usage usage = spinner.outcome().report().usage();
    Duration fair = usage.wall().dividedBy(2);
    // A period at either end, and what it took to launch the cell, a micro-VM for one: that time is
    // counted, and the clock begins after it.
    Duration beyond = Duration.ofMillis(400);
    assertThat(usage.cpu()).isLessThanOrEqualTo(fair.plus(beyond));
  }

  @Test
  default void theControlTakesMoreThanOneSecond(@TempDir Path directory) throws Exception {
    long millis =
        ATTACK
            .plainly(directory, PROCESSES, "0.5")
            .output()
            .lines()
            .mapToLong(line -> Long.parseLong(line.substring("SPUN ".length())))
            .sum();

    assertThat(millis).as("milliseconds of its four processes").isGreaterThanOrEqualTo(2000);
  }
}
