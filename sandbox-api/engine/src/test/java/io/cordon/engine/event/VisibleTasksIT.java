package io.cordon.engine.event;

import static io.cordon.engine.TestPolicy.MIB;
import static io.cordon.engine.TestPolicy.generous;
import static org.assertj.core.api.Assertions.assertThat;

import io.cordon.engine.TestEngine;
import io.cordon.policy.Limit;
import io.cordon.policy.StrategyChoice;
import io.cordon.policy.WorkloadKind;
import io.cordon.sandbox.Command;
import io.cordon.sandbox.ErrorCode;
import io.cordon.sandbox.Exit;
import io.cordon.sandbox.Outcome;
import io.cordon.sandbox.SandboxEvent;
import io.cordon.sandbox.SandboxEvent.Ending;
import io.cordon.sandbox.Script;
import io.cordon.sandbox.TaskHandle;
import io.cordon.sandbox.Trip;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;
import jdk.jfr.consumer.RecordedEvent;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What is told of tasks, to everybody who may watch. */
@Timeout(600)
class VisibleTasksIT {
  private final AuditLines audit = new AuditLines();
  private final Flight flight = new Flight();
  private final List<SandboxEvent> events = new CopyOnWriteArrayList<>();

  @AfterEach
  void close() {
    flight.close();
    audit.close();
  }

  private static Command sh(String script) {
    return Command.of("/bin/sh", "-c", script);
  }

  @Test
  void aTaskThatSucceedsIsRecordedAndNotAudited() throws Exception {
    try (var engine = new TestEngine(generous(), events::add)) {
      engine.acme().run(sh("echo done"));
    }

    assertThat(audit.lines()).isEmpty();
    assertThat(flight.land())
        .singleElement()
        .satisfies(
            task -> {
              assertThat(task.getEventType().getName()).isEqualTo("io.cordon.Task");
              assertThat(task.getString("tenant")).isEqualTo("acme");
              assertThat(task.getString("kind")).isEqualTo("command");
              assertThat(task.getString("strategy")).isEqualTo("process");
              assertThat(task.getString("outcome")).isEqualTo("succeeded");
              assertThat(task.getString("limit")).isEmpty();
              assertThat(task.getLong("memoryPeak")).isNotNegative();
              assertThat(task.getDuration("cpu")).isBetween(Duration.ZERO, Duration.ofSeconds(60));
              assertThat(task.getDuration()).isPositive();
            });
    assertThat(events).hasSize(2);
    assertThat(events.getFirst())
        .isEqualTo(new SandboxEvent.TaskStarted("acme", WorkloadKind.COMMAND));
    assertThat(events.getLast())
        .isInstanceOfSatisfying(
            SandboxEvent.TaskEnded.class,
            ended -> {
              assertThat(ended.ending()).isEqualTo(Ending.SUCCEEDED);
              assertThat(ended.limit()).isEmpty();
              assertThat(ended.report().usage().wall()).isPositive();
            });
  }

  @Test
  void aTaskThatIsRefusedIsOneLineAndOneEvent() throws Exception {
    try (var engine = new TestEngine(generous().strategy(StrategyChoice.VM), events::add)) {
      assertThat(engine.acme().submit(sh("true")).outcome()).isInstanceOf(Outcome.Refused.class);
    }

    assertThat(audit.lines())
        .singleElement()
        .asString()
        .startsWith("event=refused tenant=acme kind=command code=strategy-missing reason=\"");
    assertThat(flight.land())
        .singleElement()
        .satisfies(
            refusal -> {
              assertThat(refusal.getEventType().getName()).isEqualTo("io.cordon.Refusal");
              assertThat(refusal.getString("tenant")).isEqualTo("acme");
              assertThat(refusal.getString("kind")).isEqualTo("command");
              assertThat(refusal.getString("code")).isEqualTo("strategy-missing");
              assertThat(refusal.getString("reason")).isNotEmpty();
            });
    assertThat(events)
        .singleElement()
        .isInstanceOfSatisfying(
            SandboxEvent.Refused.class,
            refused -> assertThat(refused.code()).isEqualTo(ErrorCode.STRATEGY_MISSING));
  }

  @Test
  void aTaskThatTheTenantHasNoPlaceForNeverBegins() {
    try (var engine = new TestEngine(generous().concurrent(1), events::add)) {
      var first = engine.acme().submit(sh("sleep 1000"));
      assertThat(engine.acme().submit(sh("true")).outcome()).isInstanceOf(Outcome.Refused.class);
      first.cancel();
      first.outcome();
    }

    assertThat(audit.lines()).singleElement().asString().contains("code=too-many-tasks");
    assertThat(events)
        .extracting(Object::getClass)
        .containsExactlyInAnyOrder(
            SandboxEvent.TaskStarted.class,
            SandboxEvent.Refused.class,
            SandboxEvent.TaskEnded.class);
  }

  @Test
  void aTaskThatCannotBeLaunchedHasBegunAndIsRefused() {
    try (var engine = new TestEngine(generous(), events::add)) {
      engine.acme().submit(Command.of("/no/such/program")).outcome();
    }

    assertThat(audit.lines()).singleElement().asString().contains("code=program-not-found");
    assertThat(events)
        .extracting(Object::getClass)
        .isEqualTo(
            List.of(
                SandboxEvent.TaskStarted.class,
                SandboxEvent.Refused.class,
                SandboxEvent.TaskEnded.class));
  }

  @Test
  void aKillForMemoryNamesTheLimitEverywhere() throws Exception {
    try (var engine = new TestEngine(generous().memory(32 * MIB), events::add)) {
      Outcome<Exit> outcome =
          engine.acme().submit(sh("x=0123456789abcdef; while :; do x=$x$x; done")).outcome();
      assertThat(outcome).isInstanceOf(Outcome.LimitExceeded.class);
    }

    assertThat(audit.lines())
        .singleElement()
        .asString()
        .matches(
            "event=killed tenant=acme kind=command strategy=process tier=none limit=memory\\.max"
                + " observed=\\d+ allowed=33554432 unit=bytes evidence=host");
    List<RecordedEvent> recorded = flight.land();
    assertThat(recorded)
        .extracting(event -> event.getEventType().getName())
        .containsExactlyInAnyOrder("io.cordon.Kill", "io.cordon.Task");
    assertThat(recorded).extracting(event -> event.getString("limit")).containsOnly("memory.max");
    assertThat(events)
        .filteredOn(SandboxEvent.Killed.class::isInstance)
        .singleElement()
        .extracting(event -> ((SandboxEvent.Killed) event).cause())
        .isInstanceOfSatisfying(
            SandboxEvent.Cause.LimitExceeded.class,
            cause -> {
              assertThat(cause.trip().limit()).isEqualTo(Limit.MEMORY);
              assertThat(cause.trip().allowed()).isEqualTo(32 * MIB);
            });
  }

  @Test
  void whatTheApplicationCancelsIsNotAudited() {
    try (var engine = new TestEngine(generous(), events::add)) {
      var task = engine.acme().submit(sh("echo begun; sleep 1000"));
      task.cancel();
      assertThat(task.outcome()).isInstanceOf(Outcome.Cancelled.class);
    }

    assertThat(audit.lines()).isEmpty();
    assertThat(events.getLast())
        .isInstanceOfSatisfying(
            SandboxEvent.TaskEnded.class,
            ended -> assertThat(ended.ending()).isEqualTo(Ending.CANCELLED));
  }

  @Test
  void aGuestsOwnWordsForgeNoLine() {
    String forged = "event=killed tenant=victim limit=memory.max";
    try (var engine = new TestEngine(generous())) {
      engine.acme().submit(Command.of("/no/such\n" + forged + "\u2028" + forged)).outcome();
      engine.acme().submit(sh("printf '\\n%s\\n' '" + forged + "' >&2; exit 7")).outcome();
    }

    assertThat(audit.lines())
        .singleElement()
        .asString()
        .startsWith("event=refused tenant=acme ")
        .contains("\\u{a}" + forged + "\\u{2028}" + forged)
        .doesNotContain("\n", "\u2028");
  }

  @Test
  void aListenerThatThrowsHarmsNobody() {
    AtomicInteger thrown = new AtomicInteger();
    try (var engine =
        new TestEngine(
            generous(),
            event -> {
              thrown.incrementAndGet();
              throw new StackOverflowError("a listener's defect");
            },
            events::add)) {
      assertThat(engine.acme().run(sh("echo done")).stdoutText()).isEqualTo("done\n");
      assertThat(engine.acme().submit(Command.of("/no/such/program")).outcome())
          .isInstanceOf(Outcome.Refused.class);
    }

    assertThat(thrown).hasValue(5);
    assertThat(events).hasSize(5);
  }

  @Test
  void aScriptIsToldByItsKind() {
    try (var engine = new TestEngine(generous(), events::add)) {
      engine.acme().run(Script.javaScript("1 + 1").returning(Integer.class));
    }

    assertThat(events)
        .hasSize(2)
        .allSatisfy(
            event ->
                assertThat(((SandboxEvent.OfTask) event).kind()).isEqualTo(WorkloadKind.SCRIPT));
  }

  @Test
  void whatATaskIsDeniedIsToldWhileItRuns() throws Exception {
    BlockingQueue<Trip> trips = new LinkedBlockingQueue<>();
    try (var engine = new TestEngine(generous())) {
      TaskHandle<Exit> task = engine.acme().submit(Command.of("sleep", "1000"));
      task.onTrip(trips::add);
      while (task.usage().wall().isZero()) { // a denial before its dispatch is not its own
        Thread.onSpinWait();
      }
      engine.strategy().cells().iterator().next().denyProcess();

      assertThat(trips.take().limit()).isEqualTo(Limit.PIDS);
      assertThat(task.result()).isNotDone();
      task.onTrip(trips::add);
      assertThat(trips.take()).as("whoever comes later").isEqualTo(task.events().getFirst());
      task.cancel();
    }
    assertThat(trips).isEmpty();
  }
}
