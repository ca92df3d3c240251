package io.cordon.conformance;

import static io.cordon.harness.OutcomeAssert.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.cordon.harness.PolicyFolder;
import io.cordon.harness.StrategyUnderTest;
import io.cordon.harness.TenantPolicy;
import io.cordon.harness.Tools;
import io.cordon.policy.PolicyException;
import io.cordon.policy.PolicyProblem;
import io.cordon.policy.Protection;
import io.cordon.sandbox.ErrorCode;
import io.cordon.sandbox.Exit;
import io.cordon.sandbox.Layer;
import io.cordon.sandbox.Outcome;
import io.cordon.sandbox.Sandboxes;
import io.cordon.sandbox.Script;
import io.cordon.sandbox.Tenant;
import io.cordon.sandbox.spi.LimitLayer;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What the policy or the host forbids is refused with the reason. */
@TenantPolicy(
    name = "misspelt",
    value =
        """
        tenant: misspelt
        sandbox: { memory.maxx: 1Gi }
        """)
interface Refusals {

  @Test
  default void aRequiredProtectionThatThisHostLacksIsRefusedByName(
      Sandboxes sandboxes, PolicyFolder policies, Tools tools, StrategyUnderTest strategy) {
    List<Protection> lacking = lacking(sandboxes, strategy);
    assumeThat(lacking).as("this host and user lack no protection").isNotEmpty();

    for (Protection protection : lacking) {
      String name = "needs-" + protection.key();
      policies.tenant(
          name, "tenant: %s\nisolation: { require: [ %s ] }\n".formatted(name, protection.key()));
      Outcome.Refused<Exit> refused =
          assertThat(sandboxes.tenant(name).submit(tools.command("true")).outcome())
              .refused(ErrorCode.LAYER_MISSING);
      assertThat(refused.reason()).contains(protection.key());
    }
  }

  @Test
  default void theRequiredProtectionsThatThisHostHasAreNoHindrance(
      Sandboxes sandboxes, PolicyFolder policies, Tools tools, StrategyUnderTest strategy) {
    List<Protection> lacking = lacking(sandboxes, strategy);
    String had =
        Stream.of(Protection.values())
            .filter(protection -> !lacking.contains(protection))
            .map(Protection::key)
            .collect(Collectors.joining(", "));
    policies.tenant("careful", "tenant: careful\nisolation: { require: [ %s ] }\n".formatted(had));

    assertThat(sandboxes.tenant("careful").submit(tools.command("true")).outcome()).succeeded();
  }

  private static List<Protection> lacking(Sandboxes sandboxes, StrategyUnderTest strategy) {
    return Reports.of(strategy, sandboxes).layers().stream()
        .filter(layer -> layer.state() != Layer.State.IN_FORCE)
        .filter(layer -> LimitLayer.of(layer.name()).isEmpty()) // needed by few policies
        .flatMap(layer -> layer.protection().stream())
        .distinct()
        .toList();
  }

  @Test
  default void anUnknownTenantHasNoPolicy(Sandboxes sandboxes) {
    assertThatExceptionOfType(PolicyException.class)
        .isThrownBy(() -> sandboxes.tenant("stranger"))
        .satisfies(
            e ->
                assertThat(e.problems())
                    .extracting(PolicyProblem::code)
                    .containsExactly(PolicyProblem.Code.UNKNOWN_TENANT));
  }

  @Test
  default void aWrongPolicyIsToldWithItsPlace(Sandboxes sandboxes) {
    assertThatExceptionOfType(PolicyException.class)
        .isThrownBy(() -> sandboxes.tenant("misspelt"))
        .withMessageContaining("misspelt.yaml:2:")
        .withMessageContaining("memory.max");
  }

  @Test
  default void aValueThatIsNoPlainDataIsRefused(Tenant acme) {
    Outcome.Refused<String> refused =
        assertThat(acme.submit(Script.javaScript("1").bind("thread", new Thread())).outcome())
            .refused(ErrorCode.BAD_VALUE);

    assertThat(refused.reason()).contains("Thread");
  }
}
