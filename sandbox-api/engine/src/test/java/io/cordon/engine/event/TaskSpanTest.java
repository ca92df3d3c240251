package io.cordon.engine.event;

import static org.assertj.core.api.Assertions.assertThat;

import io.cordon.engine.pool.ScriptedWorker;
import io.cordon.policy.WorkloadKind;
import io.cordon.sandbox.ErrorCode;
import io.cordon.sandbox.OutcomeException;
import io.cordon.sandbox.SandboxEvent;
import io.cordon.sandbox.SandboxException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class TaskSpanTest {
  private final List<SandboxEvent> told = new ArrayList<>();

  @Test
  void nothingIsMadeForATaskThatNobodyWatches() {
    TaskSpan tasks = new Events(List.of()).tasks("acme", WorkloadKind.PLUGIN);

    assertThat(tasks.begin()).isSameAs(tasks);
  }

  @Test
  void eachTaskThatSomebodyWatchesIsItsOwn() {
    TaskSpan tasks = new Events(List.of(told::add)).tasks("acme", WorkloadKind.PLUGIN);

    assertThat(tasks.begin()).isNotSameAs(tasks).isNotSameAs(tasks.begin());
    assertThat(told)
        .hasSize(2)
        .containsOnly(new SandboxEvent.TaskStarted("acme", WorkloadKind.PLUGIN));
  }

  @Test
  void aTaskThatNeverBeganIsToldByItsRefusalAlone() {
    new Events(List.of(told::add))
        .tasks("acme", WorkloadKind.PLUGIN)
        .neverBegan(new SandboxException(ErrorCode.BAD_PLUGIN, "it is no jar"));

    assertThat(told)
        .containsExactly(
            new SandboxEvent.Refused(
                "acme", WorkloadKind.PLUGIN, ErrorCode.BAD_PLUGIN, "it is no jar"));
  }

  @Test
  void aRefusalThatIsAnOutcomeIsToldInItsOwnWords() {
    TaskSpan tasks = new Events(List.of(told::add)).tasks("acme", WorkloadKind.PLUGIN);
    tasks.neverBegan(
        new OutcomeException(
            ScriptedWorker.task().refused(ErrorCode.TOO_MANY_TASKS, "has 8 running already")));

    assertThat(told)
        .containsExactly(
            new SandboxEvent.Refused(
                "acme", WorkloadKind.PLUGIN, ErrorCode.TOO_MANY_TASKS, "has 8 running already"));
  }
}
