package io.cordon.conformance;

import static io.cordon.harness.OutcomeAssert.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import io.cordon.conformance.DeniedRequests.Denial;
import io.cordon.harness.Ran;
import io.cordon.harness.StrategyUnderTest;
import io.cordon.harness.TenantPolicy;
import io.cordon.harness.Tools;
import io.cordon.policy.Limit;
import io.cordon.sandbox.Command;
import io.cordon.sandbox.Evidence;
import io.cordon.sandbox.Exit;
import io.cordon.sandbox.Outcome;
import io.cordon.sandbox.Script;
import io.cordon.sandbox.TaskHandle;
import io.cordon.sandbox.Tenant;
import io.cordon.sandbox.Trip;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Of several limits the first that killed is the outcome; what is no limit is never one. */
@TenantPolicy(
    name = "brief",
    value =
        """
        tenant: brief
        task: { wall.max: 1s, cpu.time: 1s }
        """)
@TenantPolicy(
    name = "waiting",
    value =
        """
        tenant: waiting
        sandbox: { pids.max: 16 }
        task: { wall.max: 2s }
        """)
@TenantPolicy(
    name = "patient",
    value =
        """
        tenant: patient
        sandbox: { pids.max: 16 }
        task: { wall.max: 4s }
        """)
@TenantPolicy(name = "acme")
interface LimitVerdicts {

  /** Which of them comes first is theirs to race for; that it is the one that is told is not. */
  @Test
  default void ofMemoryAndOutputAtOnceTheFirstIsToldAndNoneTwice(Tenant strict, Tools tools) {
    Ran ran = Ran.of(strict, tools.sh("yes & dd if=/dev/zero of=/dev/null bs=80M; echo survived"));

    assertFirstOf(List.of(Limit.MEMORY, Limit.OUTPUT), ran.outcome());
  }

  @Test
  default void ofTwoEqualLimitsOnTimeTheFirstIsToldAndNoneTwice(Tenant brief, Tools tools) {
    Ran ran = Ran.of(brief, tools.sh("while :; do :; done"));

    assertFirstOf(List.of(Limit.WALL, Limit.CPU_TIME), ran.outcome());
  }

  private static void assertFirstOf(List<Limit> possible, Outcome<Exit> outcome) {
    List<Trip> trips = outcome.report().trips();
    assertThat(trips).extracting(Trip::limit).isSubsetOf(possible).doesNotHaveDuplicates();
    assertThat(assertThat(outcome).exceeded(trips.getFirst().limit())).isEqualTo(trips.getFirst());
    assertThat(trips).extracting(Trip::effect).containsOnly(Limit.Effect.KILL);
  }

  @Test
  default void aDenialBeforeAKillIsListedBeforeIt(
      Tenant strict, Tools tools, StrategyUnderTest strategy) {
    Ran ran =
        Ran.of(
            strict,
            tools.sh(
                "head -c 16M /dev/zero >large 2>/dev/null; dd if=/dev/zero of=/dev/null bs=80M"));

    Evidence counting = strategy.counting(ran.outcome().report().isolation());
    Trip kill = assertThat(ran.outcome()).exceeded(Limit.MEMORY, counting);
    List<Trip> trips = ran.outcome().report().trips();
    assertThat(trips).extracting(Trip::limit).containsExactly(Limit.DISK, Limit.MEMORY);
    assertThat(trips.getFirst().effect()).isEqualTo(Limit.Effect.DENY);
    assertThat(trips.getFirst().evidence()).isEqualTo(strategy.lookingAtDisks());
    assertThat(trips.getLast()).isEqualTo(kill);
  }

  @Test
  default void whoIsDeniedAndThenOutOfTimeHasExceededItsTime(
      Tenant waiting, Tenant patient, Tools tools, StrategyUnderTest strategy) {
    // It has to be denied by then, on a processor that may be emulated, and that to be asked for.
    Tenant tenant = strategy.hasAKernelOfItsOwn() ? patient : waiting;
    TaskHandle<Exit> task = DeniedRequests.meeting(Denial.PIDS, 1, tenant, tools);

    Trip kill = assertThat(task.outcome()).exceeded(Limit.WALL, Evidence.HOST);
    assertThat(task.outcome().report().trips())
        .extracting(Trip::limit)
        .containsExactly(Limit.PIDS, Limit.WALL);
    assertThat(task.outcome().report().trips()).contains(kill);
  }

  @Test
  default void whoIsCancelledAfterADenialIsCancelledAndTheDenialIsListed(
      Tenant lenient, Tools tools) {
    TaskHandle<Exit> task = DeniedRequests.meeting(Denial.BYTES, 1, lenient, tools);
    DeniedRequests.awaitEvent(task);

    task.cancel();

    Outcome.Cancelled<Exit> cancelled = assertThat(task.outcome()).cancelled();
    assertThat(cancelled.report().trips()).extracting(Trip::limit).containsExactly(Limit.DISK);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "exit 137",
        "kill -KILL $$",
        "kill -XCPU $$",
        "kill -XFSZ $$",
        "sleep 1000 & kill -KILL $!; wait $!",
        "echo '{\"limit\":\"memory.max\",\"evidence\":\"KERNEL\"}'; exit 1",
        "echo 'Memory cgroup out of memory: Killed process 1 (sh)' >&2; exit 137",
        "echo 'Terminating due to java.lang.OutOfMemoryError: Java heap space' >&2; exit 3",
        "echo 'No space left on device' >&2; exit 1",
      })
  default void whatAProgramSaysOrDoesToItselfIsNoLimit(String script, Tenant strict, Tools tools) {
    Outcome<Exit> outcome = strict.submit(tools.sh(script)).outcome();

    assertThat(outcome).isInstanceOfAny(Outcome.Failed.class, Outcome.Crashed.class);
    assertThat(outcome.report().trips()).isEmpty();
  }

  @Test
  @Tag("worker")
  default void whatAScriptPrintsIsNoWordOfItsWorker(Tenant acme) {
    TaskHandle<String> task =
        acme.submit(
            Script.javaScript(
                "console.log('\\u0000\\u0000\\u0000\\u0002\\u0003\\u0000{\"outOfMemory\":true}');"
                    + " 'well'"));

    assertThat(assertThat(task.outcome()).succeeded()).isEqualTo("\"well\"");
    assertThat(task.outcome().report().trips()).isEmpty();
  }

  @Test
  default void whatWasDeniedToAHelperOfACommandThatEndsWellIsListedAndNoFailure(
      Tenant lenient, Tools tools) {
    Command command = tools.sh("( head -c 3M /dev/zero > large ) 2>/dev/null; exit 0");

    Outcome<Exit> outcome = lenient.submit(command).outcome();

    assertThat(outcome).succeeded();
    assertThat(outcome.report().trips()).extracting(Trip::limit).containsExactly(Limit.DISK);
  }
}
