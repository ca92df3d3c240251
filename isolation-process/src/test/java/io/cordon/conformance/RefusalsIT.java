package io.cordon.conformance;

import static io.cordon.harness.OutcomeAssert.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.cordon.harness.PolicyFolder;
import io.cordon.harness.SandboxTest;
import io.cordon.harness.TenantPolicy;
import io.cordon.policy.PolicyException;
import io.cordon.policy.PolicyProblem;
import io.cordon.policy.Protection;
import io.cordon.sandbox.Command;
import io.cordon.sandbox.ErrorCode;
import io.cordon.sandbox.Exit;
import io.cordon.sandbox.HostReport.StrategyReport;
import io.cordon.sandbox.Layer;
import io.cordon.sandbox.Outcome;
import io.cordon.sandbox.SandboxException;
import io.cordon.sandbox.Sandboxes;
import io.cordon.sandbox.Script;
import io.cordon.sandbox.Task;
import io.cordon.sandbox.Tenant;
import io.cordon.sandbox.spi.LimitLayer;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@SandboxTest
@TenantPolicy(name = "acme")
@TenantPolicy(
    name = "elsewhere",
    value =
        """
        tenant: elsewhere
        isolation: { strategy: vm }
        """)
@TenantPolicy(
    name = "mixed",
    value =
        """
        tenant: mixed
        isolation:
          strategy: process
          overrides:
            - when: { kind: command }
              strategy: vm
        """)
@TenantPolicy(
    name = "misspelt",
    value =
        """
        tenant: misspelt
        sandbox: { memory.maxx: 1Gi }
        """)
class RefusalsIT {

  @TempDir static Path directory;

  @Test
  void aStrategyWhoseModuleIsMissingIsRefusedByName(Sandboxes sandboxes, Tenant elsewhere) {
    assumeThat(sandboxes.host().strategies())
        .as("the vm strategy is on this class path: it is not missing")
        .noneMatch(s -> s.name().equals("vm"));

    for (Task<?> task : List.of(Command.of("true"), Script.javaScript("1"))) {
      Outcome.Refused<?> refused =
          assertThat(elsewhere.submit(task).outcome()).refused(ErrorCode.STRATEGY_MISSING);
      assertThat(refused.reason()).contains("isolation-vm");
      assertThat(refused.report().isolation().strategy()).isEqualTo("none");
    }
    assertThatExceptionOfType(SandboxException.class)
        .isThrownBy(() -> elsewhere.open(ShelfPlugin.in(directory)))
        .withMessageContaining("isolation-vm")
        .satisfies(e -> assertThat(e.code()).isEqualTo(ErrorCode.STRATEGY_MISSING));
  }

  @Test
  void anOverrideIsForItsKindAlone(Sandboxes sandboxes, Tenant mixed) {
    assumeThat(sandboxes.host().strategies())
        .as("the vm strategy is on this class path: it is not missing")
        .noneMatch(s -> s.name().equals("vm"));

    assertThat(mixed.submit(Command.of("true")).outcome()).refused(ErrorCode.STRATEGY_MISSING);
    assertThat(mixed.submit(Script.javaScript("1")).outcome()).succeeded();
  }

  @Test
  void aRequiredProtectionThatThisHostLacksIsRefusedByName(
      Sandboxes sandboxes, PolicyFolder policies) {
    StrategyReport host = sandboxes.host().strategies().getFirst();
    List<Protection> lacking =
        host.layers().stream()
            .filter(layer -> layer.state() != Layer.State.IN_FORCE)
            .filter(layer -> LimitLayer.of(layer.name()).isEmpty()) // needed by few policies
            .flatMap(layer -> layer.protection().stream())
            .distinct()
            .toList();
    assumeThat(lacking).as("this host and user lack no protection").isNotEmpty();

    for (Protection protection : lacking) {
      String name = "needs-" + protection.key();
      policies.tenant(
          name, "tenant: %s\nisolation: { require: [ %s ] }\n".formatted(name, protection.key()));
      Outcome.Refused<Exit> refused =
          assertThat(sandboxes.tenant(name).submit(Command.of("true")).outcome())
              .refused(ErrorCode.LAYER_MISSING);
      assertThat(refused.reason()).contains(protection.key());
    }
  }

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

  @Test
  void aRequiredProtectionThatThisHostHasIsNoHindrance(Sandboxes sandboxes, PolicyFolder policies) {
    StrategyReport host = sandboxes.host().strategies().getFirst();
    for (Protection protection : Protection.values()) {
      List<Layer> layers =
          host.layers().stream()
              .filter(layer -> layer.protection().filter(protection::equals).isPresent())
              .toList();
      if (layers.stream().allMatch(layer -> layer.state() == Layer.State.IN_FORCE)) {
        String name = "has-" + protection.key();
        policies.tenant(
            name, "tenant: %s\nisolation: { require: [ %s ] }\n".formatted(name, protection.key()));
        assertThat(sandboxes.tenant(name).submit(Command.of("true")).outcome()).succeeded();
      }
    }
  }

  @Test
  void anUnknownTenantHasNoPolicy(Sandboxes sandboxes) {
    assertThatExceptionOfType(PolicyException.class)
        .isThrownBy(() -> sandboxes.tenant("stranger"))
        .satisfies(
            e ->
                assertThat(e.problems())
                    .extracting(PolicyProblem::code)
                    .containsExactly(PolicyProblem.Code.UNKNOWN_TENANT));
  }

  @Test
  void aWrongPolicyIsToldWithItsPlace(Sandboxes sandboxes) {
    assertThatExceptionOfType(PolicyException.class)
        .isThrownBy(() -> sandboxes.tenant("misspelt"))
        .withMessageContaining("misspelt.yaml:2:")
        .withMessageContaining("memory.max");
  }

  @Test
  void aValueThatIsNoPlainDataIsRefused(Tenant acme) {
    Outcome.Refused<String> refused =
        assertThat(acme.submit(Script.javaScript("1").bind("thread", new Thread())).outcome())
            .refused(ErrorCode.BAD_VALUE);

    assertThat(refused.reason()).contains("Thread");
  }
}
