package io.cordon.conformance;

import static io.cordon.harness.OutcomeAssert.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.cordon.harness.Ran;
import io.cordon.harness.SandboxTest;
import io.cordon.harness.TenantPolicy;
import io.cordon.policy.Limit;
import io.cordon.sandbox.Command;
import io.cordon.sandbox.ErrorCode;
import io.cordon.sandbox.Evidence;
import io.cordon.sandbox.Exit;
import io.cordon.sandbox.Outcome;
import io.cordon.sandbox.OutcomeException;
import io.cordon.sandbox.Tenant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@SandboxTest
@TenantPolicy(name = "acme")
@TenantPolicy(
    name = "hasty",
    value =
        """
        tenant: hasty
        task: { wall.max: 60s, cpu.time: 500ms }
        """)
class CommandOutcomesAreTypedIT {

  @Test
  void successHasTheStatusZero(Tenant acme) {
    Exit exit = acme.run(Command.of("/bin/true"));

    assertThat(exit.status()).isZero();
    assertThat(exit.stdout()).isEmpty();
    assertThat(exit.stderr()).isEmpty();
    assertThat(exit.outputs()).isEmpty();
  }

  @Test
  void anotherStatusIsTheGuestsOwnFailure(Tenant acme) {
    Outcome.Failed<Exit> failed =
        assertThat(acme.submit(Command.of("sh", "-c", "exit 7")).outcome()).failed();

    assertThat(failed.exitStatus()).hasValue(7);
    assertThat(failed.report().trips()).isEmpty();
  }

  @Test
  void aStatusThatLooksLikeASignalIsNone(Tenant acme) {
    // A shell says 137 for a program that was killed; so can anybody.
    Outcome.Failed<Exit> failed =
        assertThat(acme.submit(Command.of("sh", "-c", "exit 137")).outcome()).failed();

    assertThat(failed.exitStatus()).hasValue(137);
  }

  @ParameterizedTest
  @CsvSource({"KILL, 9", "SEGV, 11", "TERM, 15", "ABRT, 6"})
  void aSignalOfItsOwnIsACrash(String name, int signal, Tenant acme) {
    Outcome<Exit> outcome = acme.submit(Command.of("sh", "-c", "kill -" + name + " $$")).outcome();

    Outcome.Crashed<Exit> crashed = assertThat(outcome).crashed(signal);
    assertThat(crashed.description()).contains("SIG" + name);
    assertThat(crashed.report().trips()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"no-such-program", "/no/such/program", "/etc/passwd"})
  void aProgramThatIsNotThereIsRefused(String program, Tenant acme) {
    Outcome.Refused<Exit> refused =
        assertThat(acme.submit(Command.of(program)).outcome()).refused(ErrorCode.PROGRAM_NOT_FOUND);

    assertThat(refused.reason()).contains(program);
  }

  @Test
  void processorTimeIsCounted(Tenant hasty) {
    Ran ran = Ran.of(hasty, Command.of("sh", "-c", "while :; do :; done"));

    assertThat(ran.outcome()).exceeded(Limit.CPU_TIME);
    assertThat(ran.outcome().report().usage().cpu().toMillis()).isGreaterThanOrEqualTo(500);
  }

  @Test
  void runThrowsTheOutcomeThatWasNoSuccess(Tenant acme) {
    assertThatExceptionOfType(OutcomeException.class)
        .isThrownBy(() -> acme.run(Command.of("sh", "-c", "exit 3")))
        .satisfies(e -> assertThat(e.code()).isEqualTo(ErrorCode.TASK_NOT_SUCCEEDED))
        .satisfies(e -> assertThat(e.outcome()).isInstanceOf(Outcome.Failed.class));
  }

  @Test
  void aTimeoutShorterThanThePolicysIsTheLimit(Tenant acme) {
    assertThatExceptionOfType(OutcomeException.class)
        .isThrownBy(() -> acme.run(Command.of("sleep", "1000"), java.time.Duration.ofMillis(200)))
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
