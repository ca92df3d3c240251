package io.cordon.conformance;

import static io.cordon.harness.OutcomeAssert.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.cordon.harness.Keeper;
import io.cordon.harness.Ran;
import io.cordon.harness.SandboxTest;
import io.cordon.harness.StrategyUnderTest;
import io.cordon.harness.TenantPolicy;
import io.cordon.harness.Tools;
import io.cordon.policy.Limit;
import io.cordon.sandbox.Command;
import io.cordon.sandbox.ErrorCode;
import io.cordon.sandbox.Evidence;
import io.cordon.sandbox.Exit;
import io.cordon.sandbox.OutcomeException;
import io.cordon.sandbox.Plugin;
import io.cordon.sandbox.TaskHandle;
import io.cordon.sandbox.TaskReport;
import io.cordon.sandbox.Tenant;
import io.cordon.sandbox.Trip;
import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Each limit ends or denies what exceeds it, leaves alone what just does not, and the outcome says
 * which it was, how much was allowed, and who says so.
 *
 * <p>Most are one tenant's, so that each program meets the only one that it was written for.
 */
@SandboxTest
@TenantPolicy(
    name = "strict",
    value =
        """
        tenant: strict
        sandbox: { memory.max: 64Mi, pids.max: 24, disk.max: { bytes: 8Mi, inodes: 100 } }
        task: { output.max: 256Ki }
        """)
@TenantPolicy(
    name = "hasty",
    value =
        """
        tenant: hasty
        task: { wall.max: 300ms }
        """)
@TenantPolicy(
    name = "hurried",
    value =
        """
        tenant: hurried
        task: { start.max: 1ms }
        """)
@TenantPolicy(
    name = "frugal",
    value =
        """
        tenant: frugal
        limits: { cpu.budget: 1500ms per 1h }
        task: { cpu.time: 1500ms }
        """)
@TenantPolicy(
    name = "thrifty",
    value =
        """
        tenant: thrifty
        task: { cpu.time: 1s }
        """)
@ExtendWith(ShelfPlugin.class)
@Timeout(300)
public abstract class LimitsConformance
    implements SlowingLimits,
        DeniedRequests,
        AdmittedTasks,
        TenantTotals,
        NeighboursFigures,
        MeteredScripts,
        LimitVerdicts {

  private static final long KIB = 1 << 10;
  private static final long MIB = 1 << 20;

  @Test
  void memoryBeyondItsLimitKills(Tenant strict, Tools tools, StrategyUnderTest strategy) {
    // Without an end, so that there is time for who only looks now and then; and where the kernel
    // kills one process of it, the others have to follow.
    Ran ran = Ran.of(strict, tools.sh("dd if=/dev/zero of=/dev/null bs=80M; sleep 1000"));

    Trip trip = assertThat(ran.outcome()).exceeded(Limit.MEMORY, counting(ran, strategy));
    assertThat(trip.effect()).isEqualTo(Limit.Effect.KILL);
    assertThat(trip.allowed()).isEqualTo(64 * MIB);
  }

  @Test
  void itCountsForAllProcessesTogether(Tenant strict, Tools tools, StrategyUnderTest strategy) {
    // Each keeps its line until its input ends, which is when the last of them has.
    String keeping = "{ head -c 24M /dev/zero; sleep 1000; } | tail &";
    Ran ran = Ran.of(strict, tools.sh(keeping.repeat(4) + " wait; echo survived"));

    assertThat(ran.outcome()).exceeded(Limit.MEMORY, counting(ran, strategy));
    // Where signals kill them one by one, a tail may still write when its input has died.
    assertThat(ran.stdout()).doesNotContain("survived");
  }

  @Test
  void memoryWithinItsLimitIsGiven(Tenant strict, Tools tools) throws IOException {
    Keeper keeper = Keeper.of(strict, tools, 40).awaitSeen();
    keeper.letGo();

    TaskReport report = keeper.task().outcome().report();
    assertThat(report.trips()).isEmpty();
    assertThat(report.usage().memoryPeak().orElseThrow()).isBetween(40 * MIB, 64 * MIB);
  }

  @Test
  void processesBeyondTheirLimitAreDenied(Tenant strict, Tools tools, StrategyUnderTest strategy)
      throws IOException {
    TaskHandle<Exit> task = strict.submit(processes(40, tools));
    DeniedRequests.awaitEvent(task);
    task.stdin().close();

    Evidence counting = strategy.counting(task.isolation());
    Trip trip = assertThat(task.outcome()).exceeded(Limit.PIDS, counting);
    assertThat(trip.effect()).isEqualTo(Limit.Effect.DENY);
    assertThat(trip.allowed()).isEqualTo(24);
    assertThat(trip.observed()).isPositive();
  }

  @Test
  void processesWithinTheirLimitAreGiven(Tenant strict, Tools tools) {
    TaskHandle<Exit> task = strict.submit(processes(20, tools));

    assertThat(assertThat(task.outcome()).succeeded().stdoutText()).isEqualTo("all\n");
    assertThat(task.events()).isEmpty();
  }

  /**
   * The shell that is denied a process dies of it, and its parent has one more in its place: so it
   * stays at its limit, where also those see it who only look now and then.
   */
  private static Command processes(int count, Tools tools) {
    return tools
        .sh(
            """
            ( i=0
              while [ $i -lt $0 ]; do i=$((i+1)); sleep 1000 & done
              : > all )
            [ -e all ] && exec echo all
            sleep 1000 &
            read -r end
            exit 1
            """,
            "" + count)
        .stdin(new Command.Input.Stream());
  }

  @Test
  void nothingBeginsOnceTheProcessorTimeOfTheBudgetIsUsed(
      Tenant frugal, Tenant strict, Tools tools) {
    assertThat(frugal.submit(tools.command("true")).outcome()).succeeded();

    assertThat(frugal.submit(tools.sh("while :; do :; done")).outcome()).exceeded(Limit.CPU_TIME);
    assertThat(
            assertThat(frugal.submit(tools.command("true")).outcome())
                .refused(ErrorCode.BUDGET_EXCEEDED)
                .reason())
        .contains("frugal", Limit.CPU_BUDGET.key(), "1500ms per 1h");
    assertThat(strict.submit(tools.command("true")).outcome()).succeeded();
  }

  @Test
  void bytesOnTheDiskBeyondTheirLimitAreDenied(
      Tenant strict, Tools tools, StrategyUnderTest strategy) {
    Ran ran = Ran.of(strict, tools.sh("head -c 16M /dev/zero > large"));

    Trip trip = assertThat(ran.outcome()).exceeded(Limit.DISK, strategy.lookingAtDisks());
    assertThat(trip.effect()).isEqualTo(Limit.Effect.DENY);
    assertThat(trip.allowed()).isEqualTo(8 * MIB);
    assertThat(ran.stderr()).contains("No space left");
  }

  @Test
  void theyCountForAllItsPlacesTogether(Tenant strict, Tools tools) {
    Ran ran = Ran.of(strict, tools.sh("for d in . /tmp; do head -c 5M /dev/zero > $d/file; done"));

    assertThat(ran.outcome()).exceeded(Limit.DISK);
  }

  @Test
  void bytesOnTheDiskWithinTheirLimitAreGiven(Tenant strict, Tools tools) {
    Ran ran = Ran.of(strict, tools.sh("head -c 7M /dev/zero > large"));

    assertThat(ran.outcome()).succeeded();
    assertThat(ran.outcome().report().trips()).isEmpty();
  }

  @Test
  void filesBeyondTheirLimitAreDenied(Tenant strict, Tools tools, StrategyUnderTest strategy) {
    Ran ran = Ran.of(strict, files(200, tools));

    Trip trip = assertThat(ran.outcome()).exceeded(Limit.DISK_INODES, strategy.lookingAtDisks());
    assertThat(trip.effect()).isEqualTo(Limit.Effect.DENY);
    assertThat(trip.allowed()).isEqualTo(100);
  }

  @Test
  void filesWithinTheirLimitAreGiven(Tenant strict, Tools tools) {
    Ran ran = Ran.of(strict, files(80, tools));

    assertThat(ran.outcome()).succeeded();
    assertThat(ran.outcome().report().trips()).isEmpty();
  }

  private static Command files(int count, Tools tools) {
    return tools.sh("set -e; i=0; while [ $i -lt $0 ]; do i=$((i+1)); : > f$i; done", "" + count);
  }

  @ParameterizedTest
  @EnumSource(Command.Output.class)
  void outputBeyondItsLimitKills(Command.Output where, Tenant strict, Tools tools) {
    Ran ran = Ran.of(strict, tools.command("yes").stdout(where));

    Trip trip = assertThat(ran.outcome()).exceeded(Limit.OUTPUT, Evidence.HOST);
    assertThat(trip.effect()).isEqualTo(Limit.Effect.KILL);
    assertThat(trip.allowed()).isEqualTo(256 * KIB);
    assertThat(trip.observed()).isGreaterThan(256 * KIB);
    if (where == Command.Output.CAPTURE) {
      assertThat(ran.stdout()).as("what was kept").hasSize((int) (256 * KIB));
    }
  }

  @Test
  void bothStreamsAndTheFilesCountTogether(Tenant strict, Tools tools) {
    String writes = "head -c 200K /dev/zero; ";
    Ran streams = Ran.of(strict, tools.sh(writes + "{ " + writes + "} >&2"));
    assertThat(streams.outcome()).exceeded(Limit.OUTPUT, Evidence.HOST);

    Ran files = Ran.of(strict, tools.sh(writes + "{ " + writes + "} > made").output("made"));
    assertThat(files.outcome()).exceeded(Limit.OUTPUT, Evidence.HOST);
  }

  @Test
  void outputWithinItsLimitIsTaken(Tenant strict, Tools tools) {
    Ran ran = Ran.of(strict, tools.command("head", "-c", "256K", "/dev/zero"));

    assertThat(assertThat(ran.outcome()).succeeded().stdout()).hasSize((int) (256 * KIB));
    assertThat(ran.outcome().report().trips()).isEmpty();
  }

  @Test
  void processorTimeBeyondItsLimitKills(Tenant thrifty, Tools tools) {
    Ran ran = Ran.of(thrifty, tools.sh("while :; do :; done"));

    Trip trip = assertThat(ran.outcome()).exceeded(Limit.CPU_TIME, Evidence.KERNEL);
    assertThat(trip.effect()).isEqualTo(Limit.Effect.KILL);
    assertThat(trip.allowed()).isEqualTo(Duration.ofSeconds(1).toNanos());
    assertThat(trip.observed()).isGreaterThanOrEqualTo(trip.allowed());
    assertThat(ran.outcome().report().usage().cpu()).isGreaterThanOrEqualTo(Duration.ofSeconds(1));
  }

  @Test
  void sleepingTakesNoProcessorTime(Tenant thrifty, Tools tools) {
    Ran ran = Ran.of(thrifty, tools.command("sleep", "1.1"));

    assertThat(ran.outcome()).succeeded();
    assertThat(ran.outcome().report().trips()).isEmpty();
    assertThat(ran.outcome().report().usage().wall()).isGreaterThan(Duration.ofSeconds(1));
  }

  @Test
  void timeWithinItsLimitIsGiven(Tenant waiting, Tools tools) {
    Ran ran = Ran.of(waiting, tools.command("sleep", "0.1"));

    assertThat(ran.outcome()).succeeded();
    assertThat(ran.outcome().report().trips()).isEmpty();
  }

  @Test
  void timeBeyondItsLimitKills(Tenant hasty, Tools tools) {
    Ran ran = Ran.of(hasty, tools.command("sleep", "1000"));

    Trip trip = assertThat(ran.outcome()).exceeded(Limit.WALL, Evidence.HOST);
    assertThat(trip.effect()).isEqualTo(Limit.Effect.KILL);
    assertThat(trip.allowed()).isEqualTo(Duration.ofMillis(300).toNanos());
    assertThat(trip.observed()).isGreaterThanOrEqualTo(trip.allowed());
  }

  @Test
  @Tag("worker")
  void aStartBeyondItsLimitKills(Tenant hurried, Plugin shelf) {
    // No JVM, and no clone of one, is there in a millisecond.
    OutcomeException failure =
        catchThrowableOfType(OutcomeException.class, () -> hurried.open(shelf));

    Trip trip = assertThat(failure.outcome()).exceeded(Limit.START, Evidence.HOST);
    assertThat(trip.effect()).isEqualTo(Limit.Effect.KILL);
    assertThat(trip.allowed()).isEqualTo(Duration.ofMillis(1).toNanos());
    assertThat(trip.observed()).isGreaterThanOrEqualTo(trip.allowed());
  }

  private static Evidence counting(Ran ran, StrategyUnderTest strategy) {
    return strategy.counting(ran.outcome().report().isolation());
  }
}
