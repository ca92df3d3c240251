package io.cordon.attacks;

import static org.assertj.core.api.Assertions.assertThat;

import io.cordon.harness.OutcomeAssert;
import io.cordon.harness.Tools;
import io.cordon.policy.Limit;
import io.cordon.sandbox.Command.Output;
import io.cordon.sandbox.Evidence;
import io.cordon.sandbox.Exit;
import io.cordon.sandbox.TaskHandle;
import io.cordon.sandbox.Tenant;
import io.cordon.sandbox.Trip;
import java.io.InputStream;
import java.io.OutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Attack 54: standard output without end. {@link HostUnharmed} holds the heap flat. */
interface EndlessOutputMeetsOutputMax {

  @ParameterizedTest
  @EnumSource
  default void whereverItGoes(Output where, Tenant acme, Tools tools) throws Exception {
    TaskHandle<Exit> flood = acme.submit(tools.command("yes").stdout(where));
    try (InputStream read = flood.stdout()) {
      assertThat(read.transferTo(OutputStream.nullOutputStream())).isLessThanOrEqualTo(1 << 20);
    }

    Trip trip = OutcomeAssert.assertThat(flood.outcome()).exceeded(Limit.OUTPUT, Evidence.HOST);
    assertThat(trip.allowed()).isEqualTo(1 << 20);
    assertThat(trip.observed()).isGreaterThan(1 << 20);
  }

  @Test
  default void standardErrorCountsToo(Tenant acme, Tools tools) {
    TaskHandle<Exit> flood = acme.submit(tools.sh("exec yes >&2"));

    OutcomeAssert.assertThat(flood.outcome()).exceeded(Limit.OUTPUT, Evidence.HOST);
  }

  @ParameterizedTest
  @EnumSource(names = {"STREAM", "DISCARD"})
  default void theHeapHoldsNothingOfWhatIsNotKept(Output where, Tenant chatty, Tools tools)
      throws Exception {
    TaskHandle<Exit> flood = chatty.submit(tools.command("yes").stdout(where));
    try (InputStream read = flood.stdout()) {
      read.transferTo(OutputStream.nullOutputStream());
    }

    // The handle is still in use when HostUnharmed measures nothing but what is reachable.
    OutcomeAssert.assertThat(flood.outcome()).exceeded(Limit.OUTPUT, Evidence.HOST);
    assertThat(flood.usage().outputBytes()).isGreaterThan(96 << 20);
  }

  @Test
  default void theControlWritesOnAndOn() throws Exception {
    Process yes = new ProcessBuilder("yes").start();
    try (InputStream output = yes.getInputStream()) {
      output.skipNBytes(64 << 20);
      assertThat(yes.isAlive()).isTrue();
    } finally {
      yes.destroyForcibly().waitFor();
    }
  }
}
