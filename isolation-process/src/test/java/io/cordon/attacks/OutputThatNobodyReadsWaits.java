package io.cordon.attacks;

import static org.assertj.core.api.Assertions.assertThat;

import io.cordon.harness.OutcomeAssert;
import io.cordon.harness.StrategyUnderTest;
import io.cordon.harness.Tools;
import io.cordon.policy.Limit;
import io.cordon.sandbox.Command.Output;
import io.cordon.sandbox.Evidence;
import io.cordon.sandbox.Exit;
import io.cordon.sandbox.TaskHandle;
import io.cordon.sandbox.Tenant;
import java.io.IOException;
import java.io.InputStream;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Attack 55: write where the application stops reading. */
interface OutputThatNobodyReadsWaits {

  String FLOOD = "yes & exec yes >&2";

  @Test
  default void theClockEndsItAllTheSame(Tenant hasty, Tools tools, StrategyUnderTest strategy)
      throws IOException {
    TaskHandle<Exit> flood =
        hasty.submit(tools.sh(FLOOD).stdout(Output.STREAM).stderr(Output.STREAM));
    try (InputStream stdout = flood.stdout();
        InputStream stderr = flood.stderr()) {
      assertThat(stdout.read()).isEqualTo('y');
      assertThat(stderr.read()).isEqualTo('y');

      OutcomeAssert.assertThat(flood.outcome()).exceeded(Limit.WALL, Evidence.HOST);

      assertThat(flood.usage().outputBytes())
          .as("bytes that were taken of both")
          .isLessThan(2 * strategy.mostUnderWay());
    }
  }

  @Test
  default void theControlWaitsForEver() throws Exception {
    Process flood = new ProcessBuilder("sh", "-c", FLOOD).start();
    try {
      assertThat(flood.waitFor(500, TimeUnit.MILLISECONDS)).isFalse();
    } finally {
      flood.descendants().forEach(ProcessHandle::destroyForcibly);
      flood.destroyForcibly().waitFor();
    }
  }
}
