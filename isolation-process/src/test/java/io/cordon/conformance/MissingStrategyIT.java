package io.cordon.conformance;

import static io.cordon.harness.OutcomeAssert.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.cordon.harness.SandboxTest;
import io.cordon.harness.TenantPolicy;
import io.cordon.sandbox.Command;
import io.cordon.sandbox.ErrorCode;
import io.cordon.sandbox.Explanation;
import io.cordon.sandbox.Outcome;
import io.cordon.sandbox.Plugin;
import io.cordon.sandbox.SandboxException;
import io.cordon.sandbox.Script;
import io.cordon.sandbox.Task;
import io.cordon.sandbox.Tenant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** A strategy that is not on the class path, as {@code vm} is not on this one. */
@SandboxTest
@ExtendWith(ShelfPlugin.class)
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
@Timeout(120)
class MissingStrategyIT {

  @Test
  void isRefusedByName(Tenant elsewhere, Plugin shelf) {
    for (Task<?> task : List.of(Command.of("true"), Script.javaScript("1"))) {
      Outcome.Refused<?> refused =
          assertThat(elsewhere.submit(task).outcome()).refused(ErrorCode.STRATEGY_MISSING);
      assertThat(refused.reason()).contains("isolation-vm");
      assertThat(refused.report().isolation().strategy()).isEqualTo("none");
    }
    assertThatExceptionOfType(SandboxException.class)
        .isThrownBy(() -> elsewhere.open(shelf))
        .withMessageContaining("isolation-vm")
        .satisfies(e -> assertThat(e.code()).isEqualTo(ErrorCode.STRATEGY_MISSING));
  }

  @Test
  void anOverrideIsForItsKindAlone(Tenant mixed) {
    assertThat(mixed.submit(Command.of("true")).outcome()).refused(ErrorCode.STRATEGY_MISSING);
    assertThat(mixed.submit(Script.javaScript("1")).outcome()).succeeded();
  }

  @Test
  void isExplainedAsARefusal(Tenant elsewhere) {
    Explanation explanation = elsewhere.explain(Command.of("true"));

    assertThat(explanation.isolation().strategy()).isEqualTo("none");
    assertThat(explanation.isolation().reasons()).anyMatch(r -> r.contains("isolation-vm"));
    assertThat(explanation.plan()).isEmpty();
  }
}
