package io.cordon.attacks;

import static org.assertj.core.api.Assertions.assertThat;

import io.cordon.harness.Eventually;
import io.cordon.harness.OutcomeAssert;
import io.cordon.harness.Tools;
import io.cordon.sandbox.Command;
import io.cordon.sandbox.ErrorCode;
import io.cordon.sandbox.Exit;
import io.cordon.sandbox.Outcome;
import io.cordon.sandbox.TaskHandle;
import io.cordon.sandbox.Tenant;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/** Attack 67: a thousand sandboxes of one tenant at once. */
interface CreateStormMeetsTheTenantsCap {

  int STORM = 1_000;
  Duration AMPLE = Duration.ofSeconds(60);

  /** Says that it runs, and lives until it is killed. */
  private static Command endless(Tools tools) {
    return tools.sh("echo started; read line").stdin(new Command.Input.Stream());
  }

  private static long running(List<TaskHandle<Exit>> tasks) {
    return tasks.stream().filter(task -> task.usage().outputBytes() > 0).count();
  }

  private static List<TaskHandle<Exit>> storm(Tenant tenant, int size, Command command)
      throws Exception {
    List<TaskHandle<Exit>> tasks = new ArrayList<>();
    try (ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
      Callable<TaskHandle<Exit>> submit = () -> tenant.submit(command);
      for (Future<TaskHandle<Exit>> task : callers.invokeAll(Collections.nCopies(size, submit))) {
        tasks.add(task.get());
      }
    }
    return tasks;
  }

  /** How many were refused so; that is known of a handle from the beginning. */
  private static long refused(List<TaskHandle<Exit>> tasks, ErrorCode code) {
    return tasks.stream()
        .filter(task -> task.isolation().strategy().equals("none"))
        .map(TaskHandle::outcome)
        .filter(how -> how instanceof Outcome.Refused<Exit> refused && refused.code() == code)
        .count();
  }

  @Test
  default void asManyRunAndWaitAsThePolicySaysAndTheRestIsRefused(
      Tenant acme, Tenant victim, Tools tools) throws Exception {
    List<TaskHandle<Exit>> tasks = storm(acme, STORM, endless(tools));

    assertThat(refused(tasks, ErrorCode.TOO_MANY_TASKS)).isEqualTo(STORM - 4 - 50);
    Eventually.within(AMPLE, () -> running(tasks) == 4, "the four that may run");
    OutcomeAssert.assertThat(victim.submit(tools.command("true")).outcome()).succeeded();
    assertThat(running(tasks)).isEqualTo(4);

    tasks.forEach(TaskHandle::cancel);
    assertThat(tasks.stream().map(TaskHandle::outcome).filter(Outcome.Cancelled.class::isInstance))
        .hasSize(54);
    OutcomeAssert.assertThat(acme.submit(tools.command("true")).outcome()).succeeded();
  }

  @Test
  default void asManyBeginAsTheRateSaysHoweverShortTheyAre(Tenant hasty, Tenant victim, Tools tools)
      throws Exception {
    List<TaskHandle<Exit>> tasks = storm(hasty, STORM, tools.command("true"));

    assertThat(tasks.stream().map(TaskHandle::outcome).filter(Outcome.Succeeded.class::isInstance))
        .hasSize(10);
    assertThat(refused(tasks, ErrorCode.RATE_EXCEEDED)).isEqualTo(STORM - 10);
    OutcomeAssert.assertThat(victim.submit(tools.command("true")).outcome()).succeeded();
  }

  @Test
  default void theControlRunsBesideEachOtherWhatHasNoCap(Tenant victim, Tools tools)
      throws Exception {
    List<TaskHandle<Exit>> tasks = storm(victim, 6, endless(tools));

    Eventually.within(AMPLE, () -> running(tasks) == 6, "all of them");
    tasks.forEach(TaskHandle::cancel);
    tasks.forEach(task -> OutcomeAssert.assertThat(task.outcome()).cancelled());
  }
}
