package io.cordon.engine.supervision;

import static io.cordon.engine.TestPolicy.generous;
import static org.assertj.core.api.Assertions.assertThat;

import io.cordon.engine.TestPolicy;
import io.cordon.engine.verdict.Stop;
import io.cordon.engine.verdict.Word;
import io.cordon.policy.Limit;
import io.cordon.policy.TaskLimits;
import io.cordon.policy.TenantLimits;
import io.cordon.sandbox.ErrorCode;
import io.cordon.sandbox.Evidence;
import io.cordon.sandbox.Isolation;
import io.cordon.sandbox.Outcome;
import io.cordon.sandbox.Trip;
import io.cordon.sandbox.spi.CellCounters;
import io.cordon.sandbox.spi.CellExit;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Time and counters are the test's own: nothing here waits. */
class RunningTaskTest {
  private final FakeCell cell = new FakeCell();

  /** Enough for all rivals of a race to run at once. */
  private static final Executor THREADS = work -> Thread.ofVirtual().start(work);

  private long now;

  private RunningTask task(TestPolicy policy) {
    return task(policy, Optional.empty());
  }

  private RunningTask task(TestPolicy policy, Optional<Duration> timeout) {
    return new RunningTask(
        policy.of("acme"),
        new Isolation("process", "none", List.of(), List.of()),
        timeout,
        () -> now);
  }

  private void pass(Duration time) {
    now += time.toNanos();
  }

  private static CellCounters used(long cpuMillis, long memoryKills, long pidsDenied) {
    return new CellCounters(
        cpuMillis * 1_000_000,
        0,
        OptionalLong.of(10),
        OptionalLong.of(20),
        memoryKills,
        Evidence.KERNEL,
        1,
        pidsDenied,
        Evidence.KERNEL,
        0,
        0);
  }

  @Test
  void whatTheGuestSaysOfItsMemoryIsAmongTheEventsToo() {
    RunningTask task = task(generous());
    task.attach(cell);
    task.dispatch(used(0, 0, 0));

    Outcome<String> outcome =
        task.end(used(1, 0, 0), Optional.of(new CellExit.Exited(3)), new Word.RanOutOfMemory<>());

    assertThat(outcome.report().trips()).extracting(Trip::limit).containsExactly(Limit.MEMORY);
    assertThat(task.trips()).isEqualTo(outcome.report().trips());
  }

  /** As when the files of a plugin are larger than its memory. */
  @Test
  void whatTheKernelKillsBeforeItsDispatchHasMetItsMemoryToo() {
    RunningTask task = task(generous());
    task.launching();
    task.attach(cell);

    assertEndsForItsMemory(task);
  }

  /** Its cell may be killed, for its tenant's total, in the moment in which it is given work. */
  @Test
  void aKillThatWasCountedWhenItWasDispatchedIsWhyItEnded() {
    RunningTask task = task(generous());
    task.attach(cell);
    task.dispatch(used(1, 1, 0));

    assertEndsForItsMemory(task);
  }

  private static void assertEndsForItsMemory(RunningTask task) {
    Outcome<String> outcome =
        task.end(used(1, 1, 0), Optional.of(new CellExit.Killed()), new Word.Silent<>());

    assertThat(outcome)
        .isInstanceOfSatisfying(
            Outcome.LimitExceeded.class,
            exceeded -> assertThat(exceeded.limit()).isEqualTo(Limit.MEMORY));
  }

  @Test
  void whatItsLaunchHasCostIsOnItsHandle() {
    RunningTask task = task(generous());
    assertThat(task.isolation().launch()).isEmpty();
    pass(Duration.ofSeconds(1)); // it waits
    task.launching();
    pass(Duration.ofMillis(3));
    task.attach(cell);
    pass(Duration.ofMillis(20));
    task.launched();
    task.dispatch(used(0, 0, 0));
    pass(Duration.ofSeconds(1));

    assertThat(task.isolation().launch()).contains(Duration.ofMillis(23));
  }

  @Test
  void theWallClockStandsStillWhileItIsPaused() {
    RunningTask task = task(generous().wall(Duration.ofSeconds(5)));
    task.attach(cell);
    task.dispatch(used(0, 0, 0));
    pass(Duration.ofSeconds(4));
    task.pause();
    pass(Duration.ofHours(1));
    task.look();
    assertThat(task.stopped()).isEmpty();
    assertThat(cell.pauses()).isEqualTo(1);
    assertThat(task.usage().wall()).isEqualTo(Duration.ofSeconds(4));

    task.resume();
    pass(Duration.ofSeconds(1));
    task.look();

    assertThat(cell.pauses()).isZero();
    assertThat(limit(task)).isEqualTo(Limit.WALL);
  }

  @Test
  void itsMeterIsToldWhatItsCellUsesWhileItRunsAndAtItsEnd() {
    List<String> told = new ArrayList<>();
    CpuMeter meter =
        new CpuMeter() {
          @Override
          public void begin(long cellNanos) {
            told.add("begin " + cellNanos / 1_000_000);
          }

          @Override
          public void read(long cellNanos) {
            told.add("read " + cellNanos / 1_000_000);
          }

          @Override
          public boolean counts() {
            return true;
          }
        };
    RunningTask task =
        new RunningTask(
            generous().of("acme"),
            () -> TenantLimits.NONE,
            Isolation.refused(List.of()),
            Optional.empty(),
            () -> now,
            meter);
    task.attach(cell);
    task.dispatch(used(100, 0, 0));
    cell.counters(used(130, 0, 0));
    task.look();
    task.end(used(170, 0, 0), Optional.empty(), new Word.Returned<>("done"));

    assertThat(told).containsExactly("begin 100", "read 130", "read 170");
  }

  @Test
  void whoWaitsWithItIsToldThatItIsStopped() {
    AtomicInteger told = new AtomicInteger();
    RunningTask task = task(generous(), Optional.of(Duration.ofSeconds(5)));
    task.whenStopped(told::incrementAndGet);
    task.look();
    assertThat(told).hasValue(0);

    pass(Duration.ofSeconds(5));
    task.look();
    assertThat(told).hasValue(1);
  }

  @Test
  void whoComesToWaitWithItTooLateIsToldAtOnce() {
    AtomicInteger told = new AtomicInteger();
    RunningTask task = task(generous());
    task.stop(new Stop.Cancelled());
    task.whenStopped(told::incrementAndGet);

    assertThat(told).hasValue(1);
  }

  @Test
  void theApplicationsPatienceEndsAlsoWhileItIsPaused() {
    RunningTask task = task(generous(), Optional.of(Duration.ofSeconds(5)));
    task.attach(cell);
    task.dispatch(used(0, 0, 0));
    task.pause();
    pass(Duration.ofSeconds(5));
    task.look();

    assertThat(limit(task)).isEqualTo(Limit.WALL);
    assertThat(cell.kills()).isEqualTo(1);
  }

  @Test
  void whoIsPausedBeforeItsDispatchIsPausedThen() {
    RunningTask task = task(generous());
    task.pause();
    task.attach(cell);
    assertThat(cell.pauses()).isZero();

    task.dispatch(used(0, 0, 0));
    assertThat(cell.pauses()).isEqualTo(1);
  }

  @Test
  void whoIsResumedWhileItIsDispatchedIsNotPausedForEver() {
    for (int round = 0; round < 20_000; round++) {
      RunningTask task = task(generous());
      task.attach(cell);
      task.pause();
      AtomicBoolean begin = new AtomicBoolean();
      int later = round % 50; // so that the two come together sometimes
      CompletableFuture<Void> resumed =
          CompletableFuture.runAsync(
              () -> {
                begin.set(true);
                for (int i = 0; i < later; i++) {
                  Thread.onSpinWait();
                }
                task.resume();
              },
              THREADS);
      while (!begin.get()) {
        Thread.onSpinWait();
      }
      task.dispatch(used(0, 0, 0));
      resumed.join();

      Duration wall = task.usage().wall();
      pass(Duration.ofSeconds(1));
      assertThat(task.usage().wall()).as("round %d", round).isGreaterThan(wall);
    }
  }

  @Test
  void aCellWhoseAnswerCameBeforeThePauseGoesOnForOthers() {
    RunningTask task = task(generous());
    task.attach(cell);
    task.dispatch(used(0, 0, 0));
    task.pause();

    assertThat(task.finish()).isTrue();

    assertThat(cell.pauses()).isZero();
  }

  @Test
  void theWallClockRunsFromTheDispatch() {
    RunningTask task = task(generous().wall(Duration.ofSeconds(5)));
    pass(Duration.ofSeconds(20));
    task.attach(cell);
    task.dispatch(used(0, 0, 0));
    pass(Duration.ofSeconds(5).minusNanos(1));
    task.look();
    assertThat(cell.kills()).isZero();

    pass(Duration.ofNanos(1));
    task.look();

    assertThat(cell.kills()).isEqualTo(1);
    assertThat(limit(task)).isEqualTo(Limit.WALL);
    assertThat(task.usage().wall()).isEqualTo(Duration.ofSeconds(5));
  }

  @Test
  void theApplicationsTimeoutRunsFromTheSubmission() {
    RunningTask task = task(generous(), Optional.of(Duration.ofSeconds(1)));
    pass(Duration.ofMillis(900));
    assertThat(task.startMax()).isEqualTo(Duration.ofMillis(100));
    task.attach(cell);
    task.dispatch(used(0, 0, 0));
    pass(Duration.ofMillis(100));
    task.look();

    assertThat(limit(task)).isEqualTo(Limit.WALL);
  }

  @Test
  void aLaunchHasADeadlineAndItsPreparationHasNone() {
    RunningTask task = task(generous().start(Duration.ofSeconds(10)));
    pass(Duration.ofMinutes(10));
    task.look();
    assertThat(task.stopped()).isEmpty();

    task.launching();
    pass(Duration.ofSeconds(10));

    // Nobody has looked since: the launch itself gave up.
    assertThat(task.<String>refused(ErrorCode.LAUNCH_FAILED, "it took too long"))
        .isInstanceOfSatisfying(
            Outcome.LimitExceeded.class,
            exceeded -> assertThat(exceeded.limit()).isEqualTo(Limit.START));
  }

  @Test
  void aReasonBeforeThereIsACellKillsTheCellThatComes() {
    RunningTask task = task(generous());
    task.stop(new Stop.Cancelled());
    task.attach(cell);

    assertThat(cell.kills()).isEqualTo(1);
  }

  @Test
  void theFirstReasonStays() {
    RunningTask task = task(generous());
    task.attach(cell);
    task.dispatch(used(0, 0, 0));
    task.output().admit(Integer.MAX_VALUE);
    task.stop(new Stop.Cancelled());
    pass(Duration.ofDays(1));
    task.look();

    assertThat(limit(task)).isEqualTo(Limit.OUTPUT);
    assertThat(cell.kills()).isEqualTo(1);
    assertThat(task.trips()).hasSize(1);
  }

  @Test
  void nothingStopsATaskThatHasItsAnswer() {
    RunningTask task = task(generous());
    task.attach(cell);
    task.dispatch(used(0, 0, 0));
    assertThat(task.finish()).isTrue();

    task.stop(new Stop.Cancelled());
    pass(Duration.ofDays(1));
    task.look();

    assertThat(cell.kills()).isZero();
    assertThat(task.end(used(0, 0, 0), Optional.empty(), new Word.Returned<>("value")))
        .isInstanceOf(Outcome.Succeeded.class);
  }

  @Test
  void onlyWhatTheCellUsedSinceTheDispatchIsTheTasks() {
    RunningTask task = task(generous().cpuTime(Duration.ofMillis(100)));
    task.attach(cell);
    task.dispatch(used(5000, 0, 2));
    cell.counters(used(5099, 0, 2));
    task.look();
    assertThat(task.stopped()).isEmpty();
    assertThat(task.usage().cpu()).isEqualTo(Duration.ofMillis(99));

    cell.counters(used(5100, 0, 2));
    task.look();
    assertThat(limit(task)).isEqualTo(Limit.CPU_TIME);
  }

  @Test
  void aCallThatWasNotMeasuredIsCountedFromTheFirstLook() {
    RunningTask task = task(generous().cpuTime(Duration.ofMillis(100)));
    task.attach(cell);
    task.dispatchUnmeasured(used(0, 0, 0));
    cell.counters(used(5000, 0, 1));
    task.look();
    // The processor time may be that of calls before; the denial is new, whoever met it.
    assertThat(task.stopped()).isEmpty();
    assertThat(task.trips()).extracting(Trip::limit).containsExactly(Limit.PIDS);

    cell.counters(used(5100, 0, 1));
    task.look();
    assertThat(limit(task)).isEqualTo(Limit.CPU_TIME);
  }

  @Test
  void aMemoryKillThatNobodyLookedAtIsSeenAtTheEnd() {
    RunningTask task = task(generous());
    task.attach(cell);
    task.dispatch(used(0, 0, 0));

    assertThat(task.end(used(1, 1, 0), Optional.empty(), new Word.Returned<>("value")))
        .isInstanceOfSatisfying(
            Outcome.LimitExceeded.class,
            exceeded -> assertThat(exceeded.limit()).isEqualTo(Limit.MEMORY));
  }

  @Test
  void aKillForTheTenantsTotalIsNotTheSandboxsOwn() {
    RunningTask task = task(generous().tenantMemory(64 * TestPolicy.MIB));
    task.attach(cell);
    task.dispatch(used(0, 0, 0));
    CellCounters none = used(0, 0, 0);
    CellCounters killed =
        new CellCounters(
            0,
            0,
            none.memoryCurrent(),
            none.memoryPeak(),
            0,
            Evidence.KERNEL,
            1,
            0,
            Evidence.KERNEL,
            0,
            0,
            Evidence.HOST,
            CellCounters.Flow.UNKNOWN,
            new CellCounters.TenantTrips(
                2, OptionalLong.of(65 * TestPolicy.MIB), Evidence.KERNEL, 0, Evidence.KERNEL));
    cell.counters(killed);

    assertThat(task.end(killed, Optional.of(new CellExit.Killed()), new Word.Silent<String>()))
        .isInstanceOfSatisfying(
            Outcome.LimitExceeded.class,
            exceeded ->
                assertThat(exceeded.trip())
                    .isEqualTo(
                        new Trip(
                            Limit.TENANT_MEMORY,
                            Limit.Effect.KILL,
                            65 * TestPolicy.MIB,
                            64 * TestPolicy.MIB,
                            Evidence.KERNEL)));
  }

  @Test
  void aDenialIsNotedOnceAndGrows() {
    RunningTask task = task(generous());
    task.attach(cell);
    task.dispatch(used(0, 0, 0));
    cell.counters(used(0, 0, 1));
    task.look();
    cell.counters(used(0, 0, 7));
    task.look();

    assertThat(task.trips())
        .containsExactly(new Trip(Limit.PIDS, Limit.Effect.DENY, 7, 256, Evidence.KERNEL));
    assertThat(cell.kills()).isZero();
  }

  @Test
  void aDenialKillsWhereThePolicySaysSo() {
    RunningTask task = task(generous().onDeny(TaskLimits.DenyAction.KILL));
    task.attach(cell);
    task.dispatch(used(0, 0, 0));
    cell.counters(used(0, 0, 1));
    task.look();

    assertThat(cell.kills()).isEqualTo(1);
    assertThat(limit(task)).isEqualTo(Limit.PIDS);
  }

  @Test
  void aCellThatTellsWhenAskedIsAskedHalfASecondIntoTheTask() {
    RunningTask task = task(generous().onDeny(TaskLimits.DenyAction.KILL));
    cell.tellOnlyWhenAsked();
    task.attach(cell);
    task.dispatch(used(0, 0, 0));
    cell.counters(used(0, 0, 1));
    pass(Duration.ofMillis(499));
    task.look();
    assertThat(cell.asked()).isNotDone();

    pass(Duration.ofMillis(1));
    task.look();
    cell.asked().join();
    task.look();

    assertThat(cell.kills()).isEqualTo(1);
    assertThat(limit(task)).isEqualTo(Limit.PIDS);
  }

  @Test
  void aFullDiskIsADenialByBytesOrByFiles() {
    for (Limit full : List.of(Limit.DISK, Limit.DISK_INODES)) {
      RunningTask task = task(generous());
      task.attach(cell);
      task.dispatch(used(0, 0, 0));
      CellCounters none = used(0, 0, 0);
      CellCounters counters =
          new CellCounters(
              0,
              0,
              none.memoryCurrent(),
              none.memoryPeak(),
              0,
              Evidence.KERNEL,
              1,
              0,
              Evidence.KERNEL,
              full == Limit.DISK ? 64 * TestPolicy.MIB : 0,
              full == Limit.DISK ? 0 : 10_000);
      cell.counters(counters);
      task.look();

      assertThat(task.trips()).extracting(Trip::limit).containsExactly(full);
      assertThat(task.end(counters, Optional.empty(), new Word.Threw<String>("ENOSPC", "")))
          .isInstanceOfSatisfying(
              Outcome.LimitExceeded.class,
              exceeded -> {
                assertThat(exceeded.limit()).isEqualTo(full);
                assertThat(exceeded.trip().evidence()).isEqualTo(Evidence.HOST);
              });
    }
  }

  @Test
  void aFullDiskThatOnlyTheGuestSpeaksOfIsTheGuestsWord() {
    CellCounters none = used(0, 0, 0);
    CellCounters full =
        new CellCounters(
            0,
            0,
            none.memoryCurrent(),
            none.memoryPeak(),
            0,
            Evidence.KERNEL,
            1,
            0,
            Evidence.GUEST,
            64 * TestPolicy.MIB,
            0,
            Evidence.GUEST,
            CellCounters.Flow.UNKNOWN,
            CellCounters.TenantTrips.NONE);
    RunningTask task = dispatched(generous());

    assertThat(task.end(full, Optional.empty(), new Word.Threw<String>("ENOSPC", "")))
        .isInstanceOfSatisfying(
            Outcome.LimitExceeded.class,
            exceeded -> assertThat(exceeded.trip().evidence()).isEqualTo(Evidence.GUEST));
  }

  @Test
  void processorTimeUsedWhileDyingOfTheWallClockIsNotWhatKilled() {
    RunningTask task =
        dispatched(generous().wall(Duration.ofSeconds(5)).cpuTime(Duration.ofSeconds(4)));
    cell.counters(used(3990, 0, 0));
    pass(Duration.ofSeconds(5));
    task.look();

    assertThat(limit(end(task, used(4010, 1, 0), new CellExit.Killed()))).isEqualTo(Limit.WALL);
    assertThat(task.trips())
        .extracting(Trip::limit)
        .containsExactly(Limit.WALL, Limit.MEMORY, Limit.CPU_TIME);
  }

  @Test
  void whatTheKernelKilledBeforeTheHostAskedIsTheReason() {
    List<Consumer<RunningTask>> reasons =
        List.of(
            task -> task.stop(new Stop.Cancelled()),
            task -> task.stop(new Stop.Broken("half a frame")),
            task -> task.output().admit(Integer.MAX_VALUE));
    for (Consumer<RunningTask> reason : reasons) {
      RunningTask task = dispatched(generous());
      cell.counters(used(0, 1, 0));
      reason.accept(task);

      assertThat(limit(end(task, used(0, 1, 0), new CellExit.Killed()))).isEqualTo(Limit.MEMORY);
      assertThat(task.trips()).first().extracting(Trip::limit).isEqualTo(Limit.MEMORY);
    }
  }

  @Test
  void whatTheKernelKillsAfterTheHostAskedIsNotTheReason() {
    RunningTask task = dispatched(generous());
    task.stop(new Stop.Cancelled());

    assertThat(end(task, used(0, 1, 0), new CellExit.Killed()))
        .isInstanceOf(Outcome.Cancelled.class);
    assertThat(task.trips()).extracting(Trip::limit).containsExactly(Limit.MEMORY);
  }

  @Test
  void ofTwoLimitsOnTimePassedSinceTheLastLookTheOnePassedFurthestWasFirst() {
    TestPolicy sameOfBoth = generous().wall(Duration.ofSeconds(1)).cpuTime(Duration.ofSeconds(1));
    RunningTask oneThread = dispatched(sameOfBoth);
    cell.counters(used(1003, 0, 0));
    pass(Duration.ofMillis(1010));
    oneThread.look();
    assertThat(limit(oneThread)).isEqualTo(Limit.WALL);
    assertThat(oneThread.trips())
        .extracting(Trip::limit)
        .containsExactly(Limit.WALL, Limit.CPU_TIME);

    RunningTask manyThreads = dispatched(sameOfBoth);
    cell.counters(used(1900, 0, 0));
    pass(Duration.ofMillis(1010));
    manyThreads.look();
    assertThat(limit(manyThreads)).isEqualTo(Limit.CPU_TIME);
  }

  @Test
  void aTaskThatPassedItsProcessorTimeButEndedBeforeAnybodyLookedKeepsItsSuccess() {
    RunningTask task = dispatched(generous().cpuTime(Duration.ofMillis(100)));

    assertThat(task.end(used(101, 0, 0), Optional.empty(), new Word.Returned<>("value")))
        .isInstanceOfSatisfying(
            Outcome.Succeeded.class,
            succeeded ->
                assertThat(succeeded.report().trips())
                    .extracting(Trip::limit)
                    .containsExactly(Limit.CPU_TIME));
  }

  @Test
  void outputThatWasCutOffIsNeverASuccessWhateverElseEndedTheTask() {
    RunningTask task = dispatched(generous().wall(Duration.ofSeconds(5)));
    pass(Duration.ofSeconds(5));
    task.look();
    task.output().admit(Integer.MAX_VALUE);

    assertThat(
            task.end(
                used(0, 0, 0),
                Optional.of(new CellExit.Exited(0)),
                new Word.Returned<>("the first half of a value")))
        .isInstanceOf(Outcome.LimitExceeded.class);
  }

  @Test
  void aDenialThatIsToKillIsSeenAtTheEndToo() {
    RunningTask task = dispatched(generous().onDeny(TaskLimits.DenyAction.KILL));

    assertThat(limit(task.end(used(0, 0, 1), Optional.empty(), new Word.Returned<>("value"))))
        .isEqualTo(Limit.PIDS);
  }

  @Test
  void aCellWhoseCountersCantBeReadIsKilledAllTheSame() {
    RunningTask task = dispatched(generous());
    cell.failCounters();
    task.stop(new Stop.Cancelled());

    assertThat(cell.kills()).isEqualTo(1);
    assertThat(task.stopped()).contains(new Stop.Cancelled());
  }

  @Test
  void theFirstOfManyReasonsAtOnceIsTheOneThatIsTold() throws Exception {
    for (int round = 0; round < 200; round++) {
      RunningTask task = dispatched(generous().wall(Duration.ofSeconds(1)));
      CyclicBarrier start = new CyclicBarrier(3);
      pass(Duration.ofSeconds(1));
      List<CompletableFuture<Void>> rivals =
          Stream.<Runnable>of(
                  task::look,
                  () -> task.stop(new Stop.Cancelled()),
                  () -> task.output().admit(Integer.MAX_VALUE))
              .map(rival -> CompletableFuture.runAsync(() -> at(start, rival), THREADS))
              .toList();
      rivals.forEach(CompletableFuture::join);

      Outcome<String> outcome = end(task, used(0, 0, 0), new CellExit.Killed());
      switch (task.stopped().orElseThrow()) {
        case Stop.LimitHit(Trip trip) -> {
          assertThat(limit(outcome)).isEqualTo(trip.limit());
          assertThat(task.trips()).first().extracting(Trip::limit).isEqualTo(trip.limit());
        }
        case Stop.Cancelled cancelled -> assertThat(outcome).isInstanceOf(Outcome.Cancelled.class);
        case Stop.Broken broken -> throw new AssertionError("nobody said so");
      }
    }
  }

  private static void at(CyclicBarrier start, Runnable work) {
    try {
      start.await();
    } catch (InterruptedException | BrokenBarrierException e) {
      throw new AssertionError(e);
    }
    work.run();
  }

  private RunningTask dispatched(TestPolicy policy) {
    RunningTask task = task(policy);
    cell.counters(used(0, 0, 0));
    task.attach(cell);
    task.dispatch(used(0, 0, 0));
    return task;
  }

  private static Outcome<String> end(RunningTask task, CellCounters counters, CellExit exit) {
    return task.end(counters, Optional.of(exit), new Word.Silent<>());
  }

  private static Limit limit(Outcome<?> outcome) {
    assertThat(outcome).isInstanceOf(Outcome.LimitExceeded.class);
    return ((Outcome.LimitExceeded<?>) outcome).limit();
  }

  @Test
  void whoWaitsForAPreparationIsWokenByItsEndOrByAStop() throws Exception {
    RunningTask ready = task(generous());
    CompletableFuture<String> preparation = new CompletableFuture<>();
    CompletableFuture<Boolean> waiting =
        CompletableFuture.supplyAsync(() -> ready.await(preparation));
    preparation.complete("made");
    assertThat(waiting.get()).isTrue();

    RunningTask stopped = task(generous());
    CompletableFuture<Boolean> other =
        CompletableFuture.supplyAsync(() -> stopped.await(new CompletableFuture<>()));
    stopped.stop(new Stop.Cancelled());
    assertThat(other.get()).isFalse();
  }

  private static Limit limit(RunningTask task) {
    Stop stop = task.stopped().orElseThrow();
    return ((Stop.LimitHit) stop).trip().limit();
  }
}
