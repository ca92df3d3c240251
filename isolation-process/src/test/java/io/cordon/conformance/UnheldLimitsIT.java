package io.cordon.conformance;

import static io.cordon.harness.OutcomeAssert.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.cordon.harness.PolicyFolder;
import io.cordon.harness.SandboxTest;
import io.cordon.sandbox.Command;
import io.cordon.sandbox.ErrorCode;
import io.cordon.sandbox.Exit;
import io.cordon.sandbox.HostReport.StrategyReport;
import io.cordon.sandbox.Layer;
import io.cordon.sandbox.Outcome;
import io.cordon.sandbox.Sandboxes;
import io.cordon.sandbox.spi.LimitLayer;
import org.junit.jupiter.api.Test;

/** A limit that this host can't hold is no secret. */
@SandboxTest
class UnheldLimitsIT {

  @Test
  void aLimitThatNothingHoldsHereIsRefusedByNameWhereGroupsAreRequired(
      Sandboxes sandboxes, PolicyFolder policies) {
    StrategyReport host = sandboxes.host().strategies().getFirst();
    assumeThat(host.layers())
        .as("this host holds memory.high")
        .anyMatch(
            layer ->
                layer.name().equals(LimitLayer.MEMORY_HIGH.layer())
                    && layer.state() == Layer.State.MISSING);
    String limit = "sandbox: { memory.high: 64Mi }\n";
    policies.tenant("accepts", "tenant: accepts\n" + limit);
    policies.tenant("insists", "tenant: insists\nisolation: { require: [cgroup] }\n" + limit);

    assertThat(sandboxes.tenant("accepts").submit(Command.of("true")).outcome()).succeeded();
    Outcome.Refused<Exit> refused =
        assertThat(sandboxes.tenant("insists").submit(Command.of("true")).outcome())
            .refused(ErrorCode.LAYER_MISSING);
    assertThat(refused.reason()).contains("cgroup");
    assertThat(sandboxes.tenant("accepts").explain(Command.of("true")).isolation().reasons())
        .anyMatch(reason -> reason.startsWith("missing") && reason.contains("memory-high"));
  }
}
