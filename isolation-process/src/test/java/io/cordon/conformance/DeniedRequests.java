package io.cordon.conformance;

import static io.cordon.harness.OutcomeAssert.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import io.cordon.harness.Eventually;
import io.cordon.harness.StrategyUnderTest;
import io.cordon.harness.TenantPolicy;
import io.cordon.harness.Tools;
import io.cordon.policy.Limit;
import io.cordon.sandbox.Command;
import io.cordon.sandbox.Evidence;
import io.cordon.sandbox.Exit;
import io.cordon.sandbox.Isolation;
import io.cordon.sandbox.TaskHandle;
import io.cordon.sandbox.Tenant;
import io.cordon.sandbox.Trip;
import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What is denied is told at once, and is the end of the task only where the policy says so. */
@TenantPolicy(
    name = "lenient",
    value =
        """
        tenant: lenient
        sandbox: { pids.max: 16, disk.max: { bytes: 2Mi, inodes: 64 } }
        task: { onDeny: continue }
        """)
@TenantPolicy(
    name = "stern",
    value =
        """
        tenant: stern
        sandbox: { pids.max: 16, disk.max: { bytes: 2Mi, inodes: 64 } }
        task: { onDeny: kill }
        """)
interface DeniedRequests {

  /** Something that is denied, and a program that meets the denial and survives it. */
  enum Denial {
    PIDS(Limit.PIDS, 16, MEETS_PIDS_MAX),
    BYTES(Limit.DISK, 2 << 20, "head -c 3M /dev/zero > large 2>/dev/null; "),
    INODES(Limit.DISK_INODES, 64, "i=0; while touch f$i 2>/dev/null; do i=$((i+1)); done; ");

    final Limit limit;
    final long allowed;
    final String meets;

    Denial(Limit limit, long allowed, String meets) {
      this.limit = limit;
      this.allowed = allowed;
      this.meets = meets;
    }

    Evidence evidence(Isolation isolation, StrategyUnderTest strategy) {
      return this == PIDS ? strategy.counting(isolation) : strategy.lookingAtDisks();
    }
  }

  /**
   * The shell that is denied a process dies of it, and its parent has one more in its place: so it
   * stays at its limit, where also those see it who only look now and then.
   */
  String MEETS_PIDS_MAX = "( while :; do sleep 1000 & done ) 2>/dev/null; sleep 1000 & ";

  /** Meets the denial, waits until its input ends, and ends with this status. */
  static TaskHandle<Exit> meeting(Denial denial, int status, Tenant tenant, Tools tools) {
    return tenant.submit(
        tools
            .sh(denial.meets + "read -r end; exit $0", "" + status)
            .stdin(new Command.Input.Stream()));
  }

  /** Waits until a task has met something. */
  static void awaitEvent(TaskHandle<?> task) {
    Eventually.within(
        Duration.ofSeconds(60), () -> !task.events().isEmpty(), "the denial is told of");
  }

  @ParameterizedTest
  @EnumSource
  default void whatIsDeniedIsToldAtOnceAndLeavesAlone(
      Denial denial, Tenant lenient, Tools tools, StrategyUnderTest strategy) throws IOException {
    TaskHandle<Exit> task = meeting(denial, 0, lenient, tools);
    awaitEvent(task);
    assertThat(task.result()).isNotDone();
    task.stdin().close();

    assertThat(task.outcome()).succeeded();
    assertThat(task.outcome().report().trips()).hasSize(1);
    Trip trip = task.outcome().report().trips().getFirst();
    assertThat(trip.limit()).isEqualTo(denial.limit);
    assertThat(trip.effect()).isEqualTo(Limit.Effect.DENY);
    assertThat(trip.allowed()).isEqualTo(denial.allowed);
    assertThat(trip.evidence()).isEqualTo(denial.evidence(task.isolation(), strategy));
  }

  @ParameterizedTest
  @EnumSource
  default void whoFailsOfADenialHasExceededThatLimit(
      Denial denial, Tenant lenient, Tools tools, StrategyUnderTest strategy) throws IOException {
    TaskHandle<Exit> task = meeting(denial, 1, lenient, tools);
    awaitEvent(task);
    task.stdin().close();

    Trip trip = assertThat(task.outcome()).exceeded(denial.limit);
    assertThat(trip.effect()).isEqualTo(Limit.Effect.DENY);
    assertThat(trip.evidence()).isEqualTo(denial.evidence(task.isolation(), strategy));
    assertThat(task.outcome().report().trips()).containsExactly(trip);
  }

  @ParameterizedTest
  @EnumSource
  default void whatIsDeniedKillsWhereThePolicySaysSo(
      Denial denial, Tenant stern, Tools tools, StrategyUnderTest strategy) {
    // Its input never ends: it is killed where it waits, or not at all.
    TaskHandle<Exit> task = meeting(denial, 0, stern, tools);

    Trip trip = assertThat(task.outcome()).exceeded(denial.limit);
    assertThat(trip.effect()).isEqualTo(Limit.Effect.KILL);
    assertThat(trip.allowed()).isEqualTo(denial.allowed);
    assertThat(trip.evidence()).isEqualTo(denial.evidence(task.isolation(), strategy));
    assertThat(task.outcome().report().trips()).containsExactly(trip);
  }

  @Test
  default void whoIsDeniedNothingIsNotKilledWhereThePolicySaysSo(Tenant stern, Tools tools) {
    TaskHandle<Exit> task =
        stern.submit(
            tools.sh(
                """
                set -e
                for i in 1 2 3 4 5; do sleep 0 & done
                head -c 1M /dev/zero > large
                for i in 1 2 3 4 5; do touch f$i; done
                wait
                """));

    assertThat(task.outcome()).succeeded();
    assertThat(task.events()).isEmpty();
  }

  @Test
  default void filesAreOpenedUpToTheLimitAndNotOneMore(Tenant tuned, Tools tools) {
    Exit exit =
        assertThat(
                tuned
                    .submit(
                        tools.command(
                            "bash",
                            "-c",
                            """
                            while exec {file}</dev/null; do last=$file; done
                            echo $last
                            ulimit -n 100 || echo not raised
                            """))
                    .outcome())
            .succeeded();

    assertThat(exit.stdoutText()).as("the highest of 40, from 0").isEqualTo("39\nnot raised\n");
    assertThat(exit.stderrText()).contains("Too many open files");
  }
}
