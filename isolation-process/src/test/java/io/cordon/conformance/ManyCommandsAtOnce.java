package io.cordon.conformance;

import static io.cordon.harness.OutcomeAssert.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import io.cordon.harness.StrategyUnderTest;
import io.cordon.harness.TenantPolicy;
import io.cordon.harness.Tools;
import io.cordon.policy.Limit;
import io.cordon.sandbox.Command;
import io.cordon.sandbox.ErrorCode;
import io.cordon.sandbox.Exit;
import io.cordon.sandbox.Outcome;
import io.cordon.sandbox.TaskHandle;
import io.cordon.sandbox.Tenant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Many callers are kept apart, and each tenant to its own share. */
@TenantPolicy(
    name = "tiny",
    value =
        """
        tenant: tiny
        limits: { tasks.concurrent: 2 }
        """)
interface ManyCommandsAtOnce {

  @Test
  default void aCrowdOfVirtualThreadsGetsItsOwnAnswers(
      Tenant acme, Tools tools, StrategyUnderTest strategy) throws Exception {
    Semaphore turns = new Semaphore(16);
    List<Callable<String>> callers = new ArrayList<>();
    for (int i = 0; i < strategy.crowd(); i++) {
      String word = "caller " + i;
      callers.add(
          () -> {
            turns.acquire();
            try {
              return acme.run(tools.command("echo", "-n", word)).stdoutText();
            } finally {
              turns.release();
            }
          });
    }
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<String> answers = new ArrayList<>();
      for (Future<String> answer : threads.invokeAll(callers)) {
        answers.add(answer.get());
      }
      assertThat(answers)
          .isEqualTo(IntStream.range(0, strategy.crowd()).mapToObj(i -> "caller " + i).toList());
    }
  }

  @Test
  default void beyondItsLimitATenantIsRefusedAndNobodyElse(Tenant tiny, Tenant acme, Tools tools) {
    List<TaskHandle<Exit>> running = new ArrayList<>();
    try {
      for (int i = 0; i < 2; i++) {
        running.add(tiny.submit(tools.command("cat").stdin(new Command.Input.Stream())));
      }

      Outcome.Refused<Exit> refused =
          assertThat(tiny.submit(tools.command("true")).outcome())
              .refused(ErrorCode.TOO_MANY_TASKS);
      assertThat(refused.reason()).contains(Limit.TASKS_CONCURRENT.key(), "2");
      assertThat(acme.submit(tools.command("true")).outcome()).succeeded();
    } finally {
      running.forEach(TaskHandle::cancel);
    }
    running.forEach(task -> assertThat(task.outcome()).cancelled());
    assertThat(tiny.submit(tools.command("true")).outcome()).succeeded();
  }
}
