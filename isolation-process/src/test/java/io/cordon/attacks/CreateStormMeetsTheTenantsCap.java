package io.cordon.attacks;

import static org.assertj.core.api.Assertions.assertThat;

import io.cordon.harness.Eventually;
import io.cordon.harness.MarkedProcesses;
import io.cordon.harness.OutcomeAssert;
import io.cordon.harness.TenantPolicy;
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
@AttackTest
@TenantPolicy(
    name = "acme",
    value =
        """
        tenant: acme
        limits: { tasks.concurrent: 4, tasks.queue: { max: 50, wait: 10min } }
        task: { wall.max: 10min }
        """)
@TenantPolicy(
    name = "hasty",
    value =
        """
        tenant: hasty
        limits: { tasks.rate: 10/d }
        """)
@TenantPolicy(name = "victim")
class CreateStormMeetsTheTenantsCapIT {

  private static final int STORM = 1_000;

  /** Lives until it is killed. */
  private static Command endless(MarkedProcesses marked) {
    return Command.of("sh", "-c", "read line", marked.marker()).stdin(new Command.Input.Stream());
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
  void asManyRunAndWaitAsThePolicySaysAndTheRestIsRefused(Tenant acme, Tenant victim)
      throws Exception {
    MarkedProcesses marked = MarkedProcesses.create();
    List<TaskHandle<Exit>> tasks = storm(acme, STORM, endless(marked));

    assertThat(refused(tasks, ErrorCode.TOO_MANY_TASKS)).isEqualTo(STORM - 4 - 50);
    Eventually.within(
        Duration.ofSeconds(30), () -> marked.alive().size() == 4, "the four that may run");
    OutcomeAssert.assertThat(victim.submit(Command.of("true")).outcome()).succeeded();
    assertThat(marked.alive()).hasSize(4);

    tasks.forEach(TaskHandle::cancel);
    assertThat(tasks.stream().map(TaskHandle::outcome).filter(Outcome.Cancelled.class::isInstance))
        .hasSize(54);
    assertThat(marked.alive()).isEmpty();
    OutcomeAssert.assertThat(acme.submit(Command.of("true")).outcome()).succeeded();
  }

  @Test
  void asManyBeginAsTheRateSaysHoweverShortTheyAre(Tenant hasty, Tenant victim) throws Exception {
    List<TaskHandle<Exit>> tasks = storm(hasty, STORM, Command.of("true"));

    assertThat(tasks.stream().map(TaskHandle::outcome).filter(Outcome.Succeeded.class::isInstance))
        .hasSize(10);
    assertThat(refused(tasks, ErrorCode.RATE_EXCEEDED)).isEqualTo(STORM - 10);
    OutcomeAssert.assertThat(victim.submit(Command.of("true")).outcome()).succeeded();
  }

  @Test
  void theControlRunsBesideEachOtherWhatHasNoCap(Tenant victim) throws Exception {
    MarkedProcesses marked = MarkedProcesses.create();
    List<TaskHandle<Exit>> tasks = storm(victim, 12, endless(marked));

    Eventually.within(Duration.ofSeconds(30), () -> marked.alive().size() == 12, "all of them");
    tasks.forEach(TaskHandle::cancel);
    tasks.forEach(task -> OutcomeAssert.assertThat(task.outcome()).cancelled());
  }
}
