package io.cordon.conformance;

import static io.cordon.harness.OutcomeAssert.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import io.cordon.harness.SandboxTest;
import io.cordon.harness.TenantPolicy;
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
import org.junit.jupiter.api.Test;

@SandboxTest
@TenantPolicy(
    name = "acme",
    value =
        """
        tenant: acme
        limits: { tasks.concurrent: 16 }
        """)
@TenantPolicy(
    name = "tiny",
    value =
        """
        tenant: tiny
        limits: { tasks.concurrent: 2 }
        """)
@TenantPolicy(name = "other")
class ManyCommandsAtOnceIT {

  @Test
  void twoHundredVirtualThreadsGetTheirOwnAnswers(Tenant acme) throws Exception {
    Semaphore turns = new Semaphore(16);
    List<Callable<String>> callers = new ArrayList<>();
    for (int i = 0; i < 200; i++) {
      String word = "caller " + i;
      callers.add(
          () -> {
            turns.acquire();
            try {
              return acme.run(Command.of("echo", "-n", word)).stdoutText();
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
      assertThat(answers).hasSize(200).doesNotHaveDuplicates().contains("caller 0", "caller 199");
    }
  }

  @Test
  void beyondItsLimitATenantIsRefusedAndNobodyElse(Tenant tiny, Tenant other) {
    List<TaskHandle<Exit>> running = new ArrayList<>();
    try {
      for (int i = 0; i < 2; i++) {
        running.add(tiny.submit(Command.of("cat").stdin(new Command.Input.Stream())));
      }

      Outcome.Refused<Exit> refused =
          assertThat(tiny.submit(Command.of("true")).outcome()).refused(ErrorCode.TOO_MANY_TASKS);
      assertThat(refused.reason()).contains(Limit.TASKS_CONCURRENT.key(), "2");
      assertThat(other.submit(Command.of("true")).outcome()).succeeded();
    } finally {
      running.forEach(TaskHandle::cancel);
    }
    running.forEach(task -> assertThat(task.outcome()).cancelled());
    assertThat(tiny.submit(Command.of("true")).outcome()).succeeded();
  }
}
