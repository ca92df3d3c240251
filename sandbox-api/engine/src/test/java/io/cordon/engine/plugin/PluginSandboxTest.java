package io.cordon.engine.plugin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.cordon.engine.TestPolicy;
import io.cordon.engine.admission.Admission;
import io.cordon.engine.admission.Gate;
import io.cordon.engine.event.Events;
import io.cordon.engine.plugin.contract.Shop;
import io.cordon.engine.pool.ScriptedWorker;
import io.cordon.engine.runtime.WorkerKind;
import io.cordon.engine.supervision.Supervisor;
import io.cordon.engine.task.TenantScope;
import io.cordon.policy.AdmissionLimits;
import io.cordon.policy.CpuBudget;
import io.cordon.policy.Limit;
import io.cordon.policy.SandboxLimits;
import io.cordon.policy.WorkloadKind;
import io.cordon.sandbox.ErrorCode;
import io.cordon.sandbox.Evidence;
import io.cordon.sandbox.Isolation;
import io.cordon.sandbox.Outcome;
import io.cordon.sandbox.OutcomeException;
import io.cordon.sandbox.Quota;
import io.cordon.sandbox.SandboxEvent;
import io.cordon.sandbox.SandboxEvent.Ending;
import io.cordon.sandbox.SandboxException;
import io.cordon.sandbox.Trip;
import io.cordon.sandbox.spi.CellCounters;
import io.cordon.worker.wire.ToHost;
import io.cordon.worker.wire.ToWorker;
import io.cordon.worker.wire.ValueCodecs;
import io.cordon.worker.wire.WireLimits;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a plugin's calls are told to have ended of; a test plays the worker. */
@Timeout(30)
class PluginSandboxTest {
  private static final ToHost FAILURE = threw("java.lang.IllegalStateException", "out of stock");

  private final ScriptedWorker far = ScriptedWorker.ready();
  private final Supervisor nobodyLooks = new Supervisor();
  private final List<SandboxEvent> told = new CopyOnWriteArrayList<>();
  private final List<PluginSandbox> closed = new CopyOnWriteArrayList<>();
  private volatile ToHost answer = FAILURE;
  private volatile Runnable during = () -> {};
  private volatile boolean silent;
  private final Admission admission =
      new Gate(OptionalInt.empty(), System::nanoTime, () -> {}).of("acme", AdmissionLimits.NONE);
  private volatile TestPolicy policy = TestPolicy.generous().cpuTime(Duration.ofSeconds(1));
  private final AtomicLong later = new AtomicLong();
  private PluginSandbox sandbox;
  private Shop shop;

  @BeforeEach
  void open() {
    nobodyLooks.close(); // the test does, when it wants to
    sandbox =
        new PluginSandbox(
            new TenantScope(() -> policy.of("acme"), admission),
            far.worker("acme", WorkerKind.PLUGIN),
            Isolation.refused(List.of()),
            nobodyLooks,
            new ValueCodecs(WireLimits.DEFAULT),
            new Events(List.of(told::add)).tasks("acme", WorkloadKind.PLUGIN),
            () -> System.nanoTime() + later.get(),
            closed::add);
    Thread.ofPlatform().daemon().start(this::serve); // which may spin
    shop = sandbox.service(Shop.class);
    told.clear();
  }

  @AfterEach
  void close() {
    sandbox.close();
  }

  private void serve() {
    try {
      for (ToWorker message = far.hear(); message != null; message = far.hear()) {
        switch (message) {
          case ToWorker.OpenService open -> far.say(new ToHost.ServiceOpened(open.service()));
          case ToWorker.Call call -> {
            during.run();
            if (!silent) {
              far.say(forTask(answer, call.task()));
            }
          }
          default -> {}
        }
      }
    } catch (IOException | UncheckedIOException e) {
      // Closed.
    }
  }

  private static ToHost forTask(ToHost answer, long task) {
    return answer instanceof ToHost.Threw threw
        ? new ToHost.Threw(task, threw.type(), threw.message(), threw.trace())
        : new ToHost.Returned(task, "\"sold\"".getBytes(StandardCharsets.UTF_8));
  }

  private static ToHost threw(String type, String message) {
    return new ToHost.Threw(0, type, message, "");
  }

  private Outcome<?> call() {
    return catchThrowableOfType(OutcomeException.class, () -> shop.act("anything")).outcome();
  }

  @Test
  void eachCallIsToldFromItsBeginningToItsEnd() {
    call();
    answer = new ToHost.Returned(0, new byte[0]);
    shop.act("anything");

    assertThat(told).hasSize(4);
    assertThat(told)
        .filteredOn(SandboxEvent.TaskStarted.class::isInstance)
        .hasSize(2)
        .containsOnly(new SandboxEvent.TaskStarted("acme", WorkloadKind.PLUGIN));
    assertThat(told)
        .filteredOn(SandboxEvent.TaskEnded.class::isInstance)
        .extracting(event -> ((SandboxEvent.TaskEnded) event).ending())
        .containsExactly(Ending.FAILED, Ending.SUCCEEDED);
  }

  @Test
  void aWorkerThatIsKilledForBreakingTheProtocolIsToldAsThat() {
    during = this::breakTheProtocol;
    assertThat(call()).isInstanceOf(Outcome.Failed.class);

    assertThat(told)
        .filteredOn(SandboxEvent.Killed.class::isInstance)
        .singleElement()
        .extracting(event -> ((SandboxEvent.Killed) event).cause())
        .isInstanceOfSatisfying(
            SandboxEvent.Cause.Distrusted.class,
            cause -> assertThat(cause.what()).contains("protocol"));
  }

  private void breakTheProtocol() {
    try {
      far.sayBytes((byte) -1, (byte) -1, (byte) -1, (byte) -1); // a frame of 4 GiB
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void aSandboxThatWasKilledIsToldOnceWhateverIsCalledLater() {
    answer = threw("java.lang.OutOfMemoryError", "Cannot reserve 1 bytes of direct buffer memory");
    call();
    call();

    assertThat(told)
        .extracting(Object::getClass)
        .isEqualTo(
            List.of(
                SandboxEvent.TaskStarted.class,
                SandboxEvent.Killed.class,
                SandboxEvent.TaskEnded.class));
  }

  @Test
  void aThreadThatIsDeniedIsNotMemoryWhateverTheJvmCallsIt() {
    answer =
        threw(
            "java.lang.OutOfMemoryError",
            "unable to create native thread: possibly out of memory or process/resource limits");
    assertThat(call()).isInstanceOf(Outcome.Failed.class);

    during = () -> far.cell().counters(used(0, 1));
    assertThat(call())
        .isInstanceOfSatisfying(
            Outcome.LimitExceeded.class,
            exceeded -> assertThat(exceeded.limit()).isEqualTo(Limit.PIDS));
  }

  @Test
  void aDenialThatIsOnlyToldToWhoAsksIsThatOfTheCallThatFails() {
    far.cell().tellOnlyWhenAsked();
    during = () -> far.cell().counters(used(0, 1));

    assertThat(call())
        .isInstanceOfSatisfying(
            Outcome.LimitExceeded.class,
            exceeded -> assertThat(exceeded.limit()).isEqualTo(Limit.PIDS));
    during = () -> {};
    assertThat(call()).as("the next one").isInstanceOf(Outcome.Failed.class);
  }

  @Test
  void whoSucceedsWithADenialThatNobodyHasToldIsAskedOfItBeforeTheNextOne() {
    far.cell().tellOnlyWhenAsked();
    answer = new ToHost.Returned(0, new byte[0]);
    during = () -> far.cell().counters(used(0, 1));
    assertThat(shop.act("anything")).isEqualTo("sold");
    while (sandbox.look()) { // until it is known; not at once, for it costs a guest something
      Thread.onSpinWait();
    }

    answer = FAILURE;
    during = () -> {};
    assertThat(call()).isInstanceOf(Outcome.Failed.class);
  }

  @Test
  void whoDoesNotAnswerIsAskedAgain() {
    far.cell().tellOnlyWhenAsked();
    answer = new ToHost.Returned(0, new byte[0]);
    during = () -> far.cell().counters(used(0, 1));
    assertThat(shop.act("anything")).isEqualTo("sold");
    far.cell().answers(false);
    while (!far.cell().asked().isDone()) {
      assertThat(sandbox.look()).isTrue();
      Thread.onSpinWait();
    }
    far.cell().answers(true);
    while (sandbox.look()) {
      pass(Duration.ofSeconds(1)); // which is when it is asked again
    }

    answer = FAILURE;
    during = () -> {};
    assertThat(call()).isInstanceOf(Outcome.Failed.class);
  }

  @Test
  void whatACallThatSucceedsWasDeniedIsNotTheNextOnes() {
    sandbox.look();
    answer = new ToHost.Returned(0, new byte[0]);
    during = () -> far.cell().counters(denied(1, 1));
    assertThat(shop.act("anything")).isEqualTo("sold");

    answer = FAILURE;
    during = () -> {};
    assertThat(call()).isInstanceOf(Outcome.Failed.class);
  }

  @Test
  void whatACallIsDeniedAfterOneThatSucceedsIsItsOwn() {
    sandbox.look();
    answer = new ToHost.Returned(0, new byte[0]);
    assertThat(shop.act("anything")).isEqualTo("sold");

    answer = FAILURE;
    during = () -> far.cell().counters(denied(1, 0));
    assertThat(call())
        .isInstanceOfSatisfying(
            Outcome.LimitExceeded.class,
            exceeded -> assertThat(exceeded.limit()).isEqualTo(Limit.PIDS));
  }

  @Test
  void whatItUsesAndItsTenantIsDeniedWhileNobodyCallsIsNotTheNextCalls() {
    sandbox.look();
    far.cell().counters(used(60_000, 0));
    pass(Duration.ofHours(1));
    during = sandbox::look;
    assertThat(call())
        .isInstanceOfSatisfying(
            Outcome.Failed.class,
            failed -> assertThat(failed.report().usage().cpu()).isEqualTo(Duration.ZERO));

    far.cell().counters(denied(0, 7));
    sandbox.look();
    far.cell().counters(denied(0, 9));
    pass(Duration.ofHours(1));
    assertThat(call()).isInstanceOf(Outcome.Failed.class);
  }

  @Test
  void aKillBetweenTwoCallsIsNotForgottenForTheNextOne() {
    sandbox.look();
    pass(Duration.ofHours(1));
    far.cell().counters(killed());

    assertThat(call())
        .isInstanceOfSatisfying(
            Outcome.LimitExceeded.class,
            exceeded -> assertThat(exceeded.limit()).isEqualTo(Limit.MEMORY));
  }

  private static AdmissionLimits aMinuteInAnHour() {
    return new AdmissionLimits(
        OptionalInt.empty(),
        Optional.empty(),
        Optional.of(new CpuBudget(Duration.ofMinutes(1), Duration.ofHours(1))),
        AdmissionLimits.Queue.NONE);
  }

  private void pass(Duration time) {
    later.addAndGet(time.toNanos());
  }

  @Test
  void aDenialOfACallThatGoesOnIsToldMeanwhile() throws Exception {
    BlockingQueue<Trip> trips = new LinkedBlockingQueue<>();
    sandbox.onTrip(trips::add);
    far.cell().tellOnlyWhenAsked();
    during =
        () -> {
          far.cell().counters(used(0, 1));
          while (trips.isEmpty()) {
            sandbox.look();
            Thread.onSpinWait();
          }
        };
    call();

    assertThat(trips.take().limit()).isEqualTo(Limit.PIDS);
  }

  @Test
  void whatItsThreadsUseBetweenTwoCallsIsChargedToTheBudget() {
    admission.change(aMinuteInAnHour());
    sandbox.look();
    far.cell().counters(used(60_000, 0));
    AtomicBoolean read = new AtomicBoolean();
    far.cell().meanwhile(() -> read.set(true));
    while (!read.get()) {
      assertThat(sandbox.look()).isTrue();
      Thread.onSpinWait();
    }

    assertThat(call())
        .isInstanceOfSatisfying(
            Outcome.Refused.class,
            refused -> assertThat(refused.code()).isEqualTo(ErrorCode.BUDGET_EXCEEDED));
  }

  @Test
  void whatWasUsedBeforeThereWasABudgetIsNotChargedToIt() {
    far.cell().counters(used(120_000, 0));
    admission.change(aMinuteInAnHour());
    answer = new ToHost.Returned(0, new byte[0]);

    assertThat(shop.act("anything")).isEqualTo("sold");
    assertThat(shop.act("anything")).isEqualTo("sold");
    while (sandbox.look() && later.get() < Duration.ofMinutes(1).toNanos()) {
      pass(Duration.ofSeconds(1));
    }
    assertThat(shop.act("anything")).isEqualTo("sold");
  }

  @Test
  void whoIsStillInterruptedIsToldHowADeadSandboxHasEnded() {
    Thread caller = Thread.currentThread();
    during = caller::interrupt;
    silent = true;
    Outcome<?> death = call();
    assertThat(death).isInstanceOf(Outcome.Cancelled.class);
    assertThat(caller.isInterrupted()).isTrue();

    assertThat(call()).isSameAs(death);
    assertThat(Thread.interrupted()).isTrue();
    assertThat(call()).isSameAs(death);
  }

  @Test
  void whoIsInterruptedBeforeItsCallHasNotMadeIt() {
    answer = new ToHost.Returned(0, new byte[0]);
    Thread.currentThread().interrupt();
    assertThat(call()).isInstanceOf(Outcome.Cancelled.class);
    assertThat(Thread.interrupted()).isTrue();

    assertThat(shop.act("anything")).isEqualTo("sold");
  }

  @Test
  void aKillBetweenTwoCallsIsToldWhenItHappens() {
    far.cell().counters(killed());
    far.cell().kill(); // by the kernel, for all that anybody here knows
    while (told.isEmpty()) {
      Thread.onSpinWait();
    }

    assertThat(told)
        .singleElement()
        .isInstanceOfSatisfying(
            SandboxEvent.Killed.class,
            killed ->
                assertThat(killed.cause())
                    .isInstanceOfSatisfying(
                        SandboxEvent.Cause.LimitExceeded.class,
                        cause -> assertThat(cause.trip().limit()).isEqualTo(Limit.MEMORY)));
    assertThat(call())
        .isInstanceOfSatisfying(
            Outcome.LimitExceeded.class,
            exceeded -> assertThat(exceeded.limit()).isEqualTo(Limit.MEMORY));
    assertThat(told).as("what has been told is told once").hasSize(1);
  }

  @Test
  void memoryThatOnlyTheGuestMissesIsMarkedAsItsWord() {
    answer = threw("java.lang.OutOfMemoryError", "Cannot reserve 1 bytes of direct buffer memory");
    assertThat(call())
        .isInstanceOfSatisfying(
            Outcome.LimitExceeded.class,
            exceeded -> {
              assertThat(exceeded.limit()).isEqualTo(Limit.MEMORY);
              assertThat(exceeded.trip().evidence()).isEqualTo(Evidence.GUEST);
            });
  }

  @Test
  void aCallThatBeginsWhileTheHostLooksIsNotChargedForTheCallsBefore() {
    answer = new ToHost.Returned(0, new byte[0]);
    during = () -> far.cell().counters(used(900, 0));
    assertThat(shop.act("anything")).isEqualTo("sold");
    during = () -> far.cell().counters(used(1800, 0));
    assertThat(shop.act("anything")).isEqualTo("sold");
    answer = FAILURE;
    // The supervisor has seen that nothing runs, and reads; there is a call before it has read.
    far.cell().meanwhile(() -> assertUncharged(call()));
    sandbox.look();

    during = () -> {};
    assertUncharged(call());
  }

  @Test
  void theLimitsThatItsCallsMeetAreToldAsTheyHappen() throws Exception {
    BlockingQueue<Trip> trips = new LinkedBlockingQueue<>();
    sandbox.onTrip(trips::add);
    during =
        () -> {
          far.cell().counters(used(0, 1));
          sandbox.look();
          try {
            assertThat(trips.take().limit()).as("while it goes on").isEqualTo(Limit.PIDS);
          } catch (InterruptedException e) {
            throw new AssertionError(e);
          }
        };
    call();

    during = () -> far.cell().counters(used(0, 2));
    call();
    assertThat(trips.take().limit()).as("of the next call").isEqualTo(Limit.PIDS);
    assertThat(trips).isEmpty();
  }

  @Test
  void aChangedPolicyHoldsForTheSandboxAndTheNextCall() {
    policy = TestPolicy.generous().memory(64 << 20).pids(99).wall(Duration.ofNanos(1));

    assertThat(sandbox.follow()).isEmpty();
    assertThat(sandbox.quota()).isEqualTo(new Quota(2000, 64 << 20, 99));
    during = () -> sandbox.look();
    assertThat(call())
        .isInstanceOfSatisfying(
            Outcome.LimitExceeded.class,
            exceeded -> assertThat(exceeded.limit()).isEqualTo(Limit.WALL));
  }

  @Test
  void whatTheApplicationHasShrunkStaysNoLargerThanItAsked() {
    sandbox.resize(quota -> quota.memory("128Mi"));

    policy = TestPolicy.generous().memory(256 << 20).pids(99);
    sandbox.follow();
    assertThat(sandbox.quota()).isEqualTo(new Quota(2000, 128 << 20, 99));

    policy = TestPolicy.generous().memory(64 << 20);
    sandbox.follow();
    assertThat(sandbox.quota()).isEqualTo(new Quota(2000, 64 << 20, 256));

    policy = TestPolicy.generous();
    sandbox.follow();
    assertThat(sandbox.quota()).isEqualTo(new Quota(2000, 128 << 20, 256));

    sandbox.resize(quota -> quota.memory("512Mi"));
    policy = TestPolicy.generous().memory(1 << 30);
    sandbox.follow();
    assertThat(sandbox.quota().memoryBytes()).as("it has all again").isEqualTo(1 << 30);
  }

  @Test
  void aLimitThatCanNotBeHadNowIsToldAndTriedAgain() {
    far.cell().whenResized(PluginSandboxTest::refuseLessMemory);
    policy = TestPolicy.generous().memory(64 << 20).pids(99);

    assertThat(sandbox.follow())
        .singleElement()
        .isEqualTo(
            new SandboxEvent.Pending(
                Optional.of(sandbox.name()), ErrorCode.LIMIT_IN_USE, "it is in use"));
    assertThat(sandbox.quota())
        .as("the other limits hold all the same")
        .isEqualTo(new Quota(2000, 512 << 20, 99));

    far.cell().whenResized(limits -> {});
    assertThat(sandbox.follow()).isEmpty();
    assertThat(sandbox.quota().memoryBytes()).isEqualTo(64 << 20);
  }

  private static void refuseLessMemory(SandboxLimits wanted) {
    if (wanted.memoryMax() < 512 << 20) {
      throw new SandboxException(ErrorCode.LIMIT_IN_USE, "it is in use");
    }
  }

  @Test
  void theApplicationCanChangeALimitWhileAnotherIsAboveThePolicy() {
    far.cell().whenResized(PluginSandboxTest::refuseLessMemory);
    policy = TestPolicy.generous().memory(64 << 20);
    sandbox.follow();
    far.cell().whenResized(limits -> {});

    sandbox.resize(quota -> quota.pids(5));

    assertThat(sandbox.quota()).isEqualTo(new Quota(2000, 64 << 20, 5));
  }

  @Test
  void whatOnlyHoldsForNewSandboxesIsTold() {
    SandboxLimits now = policy.sandbox();
    policy =
        policy.sandbox(
            new SandboxLimits(
                now.cpuMaxMillis(),
                now.memoryMax(),
                now.pidsMax(),
                new SandboxLimits.Disk(1 << 20, 100)));

    assertThat(sandbox.follow())
        .singleElement()
        .satisfies(
            pending -> {
              assertThat(pending.code()).isEqualTo(ErrorCode.NOT_LIVE);
              assertThat(pending.reason()).contains("disk", "opened from now on");
            });
  }

  /** Or a policy that changes would go on to be told of it. */
  @Test
  void aSandboxOfWhichSomethingStaysBehindIsClosedAllTheSame() {
    far.cell()
        .whenClosing(
            () -> {
              far.cell().whenClosing(() -> {});
              throw new SandboxException(ErrorCode.CLEANUP_FAILED, "a control group stays behind");
            });

    assertThatThrownBy(sandbox::close).hasMessageContaining("stays behind");

    assertThat(closed).containsExactly(sandbox);
  }

  @Test
  void aWorkerThatRanAPluginsCodeIsClosedWithItsSandbox() {
    sandbox.close();

    assertThat(far.cell().closed()).isTrue();
  }

  private static void assertUncharged(Outcome<?> outcome) {
    assertThat(outcome).isInstanceOf(Outcome.Failed.class);
    assertThat(outcome.report().trips()).isEmpty();
    assertThat(outcome.report().usage().cpu()).isZero();
  }

  private static CellCounters used(long cpuMillis, long pidsDenied) {
    return counters(cpuMillis, 0, pidsDenied);
  }

  private static CellCounters denied(long ofCell, long ofTenant) {
    return used(0, 0).withDenials(new CellCounters.Denials(ofCell, ofTenant));
  }

  private static CellCounters killed() {
    return counters(0, 1, 0);
  }

  private static CellCounters counters(long cpuMillis, long memoryKills, long pidsDenied) {
    return new CellCounters(
        cpuMillis * 1_000_000,
        0,
        OptionalLong.of(0),
        OptionalLong.of(1),
        memoryKills,
        Evidence.KERNEL,
        0,
        pidsDenied,
        Evidence.KERNEL,
        0,
        0);
  }
}
