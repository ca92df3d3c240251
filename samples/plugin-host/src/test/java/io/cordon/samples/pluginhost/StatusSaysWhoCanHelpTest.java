package io.cordon.samples.pluginhost;

import static io.cordon.samples.pluginhost.Outcomes.PLUGIN;
import static org.assertj.core.api.Assertions.assertThat;

import io.cordon.policy.Limit;
import io.cordon.sandbox.ErrorCode;
import io.cordon.sandbox.Outcome;
import org.junit.jupiter.api.Test;

class StatusSaysWhoCanHelpTest {

  @Test
  void whatThePluginDidIsUnprocessable() {
    assertThat(status(Outcomes.exceeded(Limit.MEMORY))).isEqualTo(422);
    assertThat(status(Outcomes.exceeded(Limit.WALL))).isEqualTo(422);
    assertThat(status(Outcomes.failed("an order needs at least one line"))).isEqualTo(422);
    assertThat(status(Outcomes.crashed())).isEqualTo(422);
  }

  @Test
  void tooManyTasksAreAskedToComeAgain() {
    assertThat(status(Outcomes.refused(ErrorCode.TOO_MANY_TASKS))).isEqualTo(429);
    assertThat(status(Outcomes.refused(ErrorCode.RATE_EXCEEDED))).isEqualTo(429);
    assertThat(status(Outcomes.refused(ErrorCode.BUDGET_EXCEEDED))).isEqualTo(429);
    assertThat(status(Outcomes.refused(ErrorCode.HOST_BUSY))).isEqualTo(503);
    assertThat(status(Outcomes.exceeded(Limit.TASKS_CONCURRENT))).isEqualTo(429);
    assertThat(status(Outcomes.exceeded(Limit.TASKS_RATE))).isEqualTo(429);
    assertThat(status(Outcomes.exceeded(Limit.CPU_BUDGET))).isEqualTo(429);
  }

  @Test
  void whatThePolicyForbidsIsForbidden() {
    assertThat(status(Outcomes.refused(ErrorCode.LAYER_MISSING))).isEqualTo(403);
    assertThat(status(Outcomes.refused(ErrorCode.STRATEGY_MISSING))).isEqualTo(403);
  }

  @Test
  void whatTheHostCannotDoIsUnavailable() {
    assertThat(status(Outcomes.refused(ErrorCode.PROGRAM_NOT_FOUND))).isEqualTo(503);
    assertThat(status(Outcomes.refused(ErrorCode.CLOSED))).isEqualTo(503);
    assertThat(status(Outcomes.exceeded(Limit.START))).isEqualTo(503);
    assertThat(status(Outcomes.cancelled())).isEqualTo(503);
  }

  @Test
  void aLimitComesWithItsFiguresAndItsEvidence() {
    Problem.ExceededLimit limit = Problem.of(PLUGIN, Outcomes.exceeded(Limit.MEMORY)).limit();

    assertThat(limit).isNotNull();
    assertThat(limit.name()).isEqualTo("memory.max");
    assertThat(limit.observed()).isEqualTo(12);
    assertThat(limit.allowed()).isEqualTo(10);
    assertThat(limit.evidence()).hasToString("KERNEL");
  }

  @Test
  void aGuestsMessageIsCutShort() {
    Problem problem = Problem.of(PLUGIN, Outcomes.failed("x".repeat(1_000_000)));

    assertThat(problem.detail()).hasSizeLessThan(3_000);
  }

  private static int status(Outcome<?> outcome) {
    return Problem.of(PLUGIN, outcome).status();
  }
}
