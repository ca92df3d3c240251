package io.cordon.conformance;

import static io.cordon.harness.OutcomeAssert.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.cordon.harness.Tools;
import io.cordon.policy.Limit;
import io.cordon.sandbox.ErrorCode;
import io.cordon.sandbox.Evidence;
import io.cordon.sandbox.Exit;
import io.cordon.sandbox.Outcome;
import io.cordon.sandbox.OutcomeException;
import io.cordon.sandbox.Tenant;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** How a command ended is told by its type. */
interface CommandOutcomes {

  @Test
  default void successHasTheStatusZero(Tenant acme, Tools tools) {
    Exit exit = acme.run(tools.command("/bin/true"));

    assertThat(exit.status()).isZero();
    assertThat(exit.stdout()).isEmpty();
    assertThat(exit.stderr()).isEmpty();
    assertThat(exit.outputs()).isEmpty();
  }

  @Test
  default void anotherStatusIsTheGuestsOwnFailure(Tenant acme, Tools tools) {
    Outcome.Failed<Exit> failed = assertThat(acme.submit(tools.sh("exit 7")).outcome()).failed();

    assertThat(failed.exitStatus()).hasValue(7);
    assertThat(failed.report().trips()).isEmpty();
  }

  @Test
  default void aStatusThatLooksLikeASignalIsNone(Tenant acme, Tools tools) {
    // A shell says 137 for a program that was killed; so can anybody.
    Outcome.Failed<Exit> failed = assertThat(acme.submit(tools.sh("exit 137")).outcome()).failed();

    assertThat(failed.exitStatus()).hasValue(137);
  }

  @ParameterizedTest
  @CsvSource({"KILL, 9", "SEGV, 11", "TERM, 15", "ABRT, 6"})
  default void aSignalOfItsOwnIsACrash(String name, int signal, Tenant acme, Tools tools) {
    Outcome<Exit> outcome = acme.submit(tools.sh("kill -" + name + " $$")).outcome();

    Outcome.Crashed<Exit> crashed = assertThat(outcome).crashed(signal);
    assertThat(crashed.description()).contains("SIG" + name);
    assertThat(crashed.report().trips()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"no-such-program", "/no/such/program", Tools.TEXT})
  default void aProgramThatIsNotThereIsRefused(String program, Tenant acme, Tools tools) {
    Outcome.Refused<Exit> refused =
        assertThat(acme.submit(tools.command(program)).outcome())
            .refused(ErrorCode.PROGRAM_NOT_FOUND);

    assertThat(refused.reason()).contains(program);
  }

  @Test
  default void runThrowsTheOutcomeThatWasNoSuccess(Tenant acme, Tools tools) {
    assertThatExceptionOfType(OutcomeException.class)
        .isThrownBy(() -> acme.run(tools.sh("exit 3")))
        .satisfies(e -> assertThat(e.code()).isEqualTo(ErrorCode.TASK_NOT_SUCCEEDED))
        .satisfies(e -> assertThat(e.outcome()).isInstanceOf(Outcome.Failed.class));
  }

  @Test
  default void aTimeoutShorterThanThePolicysIsTheLimit(Tenant acme, Tools tools) {
    assertThatExceptionOfType(OutcomeException.class)
        .isThrownBy(() -> acme.run(tools.command("sleep", "1000"), Duration.ofMillis(200)))
        .satisfies(
            e -> assertThat(e.outcome()).as("%s", e).isInstanceOf(Outcome.LimitExceeded.class))
        .satisfies(
            e -> {
              Outcome.LimitExceeded<?> limit = (Outcome.LimitExceeded<?>) e.outcome();
              assertThat(limit.limit()).isEqualTo(Limit.WALL);
              assertThat(limit.allowed()).isEqualTo(200_000_000L);
              assertThat(limit.trip().evidence()).isEqualTo(Evidence.HOST);
            });
  }
}
