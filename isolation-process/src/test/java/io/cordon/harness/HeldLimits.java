package io.cordon.harness;

import static org.assertj.core.api.Assertions.assertThat;

import io.cordon.sandbox.Command;
import io.cordon.sandbox.ErrorCode;
import io.cordon.sandbox.HostReport.StrategyReport;
import io.cordon.sandbox.Isolation;
import io.cordon.sandbox.Layer;
import io.cordon.sandbox.Sandboxes;
import java.util.List;

/**
 * Which limits a strategy holds tasks to on this host, as it says itself.
 *
 * @param report what it says
 */
public record HeldLimits(StrategyReport report) {

  /** What every policy with {@code cgroup} requires, whatever its limits. */
  private static final List<String> ALWAYS = List.of("cgroup-memory", "cgroup-cpu", "cgroup-pids");

  /** Of the strategy under test. */
  public static HeldLimits of(Sandboxes sandboxes, StrategyUnderTest strategy) {
    return new HeldLimits(
        sandboxes.host().strategies().stream()
            .filter(each -> each.name().equals(strategy.name()))
            .findFirst()
            .orElseThrow());
  }

  /** Whether the kernel holds the limit of this layer. */
  public boolean holds(String layer) {
    return state(layer) == Layer.State.IN_FORCE;
  }

  private Layer.State state(String name) {
    return report.layers().stream()
        .filter(layer -> layer.name().equals(name))
        .map(Layer::state)
        .findFirst()
        .orElseThrow(() -> new AssertionError("the report says nothing of " + name));
  }

  /** A limit that is not held is no secret to whom it is accepted by. */
  public void assertTold(String layer, Isolation isolation) {
    String word = state(layer) == Layer.State.ADVISORY ? "advisory" : "missing";
    assertThat(isolation.reasons())
        .as("that %s is %s", layer, word)
        .anyMatch(reason -> reason.startsWith(word) && reason.contains(layer));
  }

  /**
   * A policy that insists on groups, and sets a limit that is not held, is refused by its name.
   *
   * @param limits what the policy file says after its {@code isolation}
   */
  public void assertRefused(
      String layer, String limits, Sandboxes sandboxes, PolicyFolder policies, Command command) {
    String tenant = "insists-on-" + layer;
    policies.tenant(
        tenant, "tenant: " + tenant + "\nisolation: { require: [cgroup] }\n" + limits + "\n");
    assertThat(
            OutcomeAssert.assertThat(sandboxes.tenant(tenant).submit(command).outcome())
                .refused(ErrorCode.LAYER_MISSING)
                .reason())
        .contains("requires cgroup")
        .contains(ALWAYS.stream().filter(each -> !holds(each)).findFirst().orElse(layer));
  }
}
