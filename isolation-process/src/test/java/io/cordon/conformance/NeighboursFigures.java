package io.cordon.conformance;

import static io.cordon.harness.OutcomeAssert.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import io.cordon.harness.Keeper;
import io.cordon.harness.Ran;
import io.cordon.harness.Tools;
import io.cordon.policy.Limit;
import io.cordon.sandbox.Command;
import io.cordon.sandbox.Exit;
import io.cordon.sandbox.TaskReport;
import io.cordon.sandbox.Tenant;
import java.io.IOException;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** While one tenant goes beyond everything that it has, another one's task has what is its own. */
interface NeighboursFigures {

  @Test
  default void aNeighbourOfWhomGoesTooFarHasItsOwnAndMeetsNothing(
      Tenant strict, Tenant thrifty, Tenant plain, Tools tools) throws IOException {
    Keeper neighbour = Keeper.of(plain, tools, 24);
    Map<Limit, Ran> offenders = new EnumMap<>(Limit.class);
    Command memory = tools.sh("dd if=/dev/zero of=/dev/null bs=80M");
    Command disk = tools.sh("head -c 16M /dev/zero > large");
    Command spin = tools.sh("while :; do :; done");

    offenders.put(Limit.MEMORY, Ran.of(strict, memory));
    offenders.put(Limit.OUTPUT, Ran.of(strict, tools.command("yes")));
    offenders.put(Limit.DISK, Ran.of(strict, disk));
    offenders.put(Limit.CPU_TIME, Ran.of(thrifty, spin));

    assertThat(neighbour.task().result()).isNotDone();
    assertThat(neighbour.task().events()).isEmpty();
    Exit exit = neighbour.letGo();
    assertThat(exit.stderrText()).isEmpty();
    TaskReport report = neighbour.task().outcome().report();
    assertThat(report.tenant()).isEqualTo("plain");
    assertThat(report.trips()).isEmpty();
    assertThat(report.usage().outputBytes()).isEqualTo(Keeper.OUTPUT_BYTES);
    assertThat(report.usage().memoryPeak().orElseThrow()).isBetween(24L << 20, 64L << 20);
    assertThat(report.usage().cpu())
        .as("what it used, beside those that it ran beside")
        .isLessThan(
            offenders.values().stream()
                .map(ran -> ran.outcome().report().usage().cpu())
                .reduce(Duration.ZERO, Duration::plus));
    offenders.forEach(
        (limit, ran) -> {
          assertThat(ran.outcome()).exceeded(limit);
          assertThat(ran.outcome().report().trips()).hasSize(1);
        });
  }
}
