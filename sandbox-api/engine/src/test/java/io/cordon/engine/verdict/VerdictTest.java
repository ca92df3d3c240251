package io.cordon.engine.verdict;

import static org.assertj.core.api.Assertions.assertThat;

import io.cordon.policy.Limit;
import io.cordon.policy.SandboxLimits;
import io.cordon.sandbox.Evidence;
import io.cordon.sandbox.Isolation;
import io.cordon.sandbox.Outcome;
import io.cordon.sandbox.TaskReport;
import io.cordon.sandbox.Trip;
import io.cordon.sandbox.Usage;
import io.cordon.sandbox.spi.CellExit;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class VerdictTest {
  private static final String THREADS = "\"main\" #3 RUNNABLE";
  private static final Trip WALL = kill(Limit.WALL, Evidence.HOST);
  private static final Trip OUTPUT = kill(Limit.OUTPUT, Evidence.HOST);
  private static final Trip MEMORY = kill(Limit.MEMORY, Evidence.KERNEL);
  private static final Trip WATCHED_MEMORY = kill(Limit.MEMORY, Evidence.HOST);
  private static final Trip CPU = kill(Limit.CPU_TIME, Evidence.KERNEL);
  private static final Trip PIDS = deny(Limit.PIDS);
  private static final Trip FATAL_PIDS = kill(Limit.PIDS, Evidence.KERNEL);
  private static final Trip DISK = deny(Limit.DISK);

  private static final CellExit WELL = new CellExit.Exited(0);
  private static final CellExit KILLED = new CellExit.Killed();
  private static final Word<String> SILENT = new Word.Silent<>();
  private static final Word<String> VALUE = new Word.Returned<>("value");
  private static final Word<String> THREW = new Word.Threw<>("boom", "at x");
  private static final Word<String> NO_MEMORY = new Word.RanOutOfMemory<>();

  private static Trip kill(Limit limit, Evidence evidence) {
    return new Trip(limit, Limit.Effect.KILL, 2, 1, evidence);
  }

  private static Trip deny(Limit limit) {
    return new Trip(limit, Limit.Effect.DENY, 2, 1, Evidence.KERNEL);
  }

  static Stream<Arguments> exceeded() {
    return Stream.of(
        // what stopped it · trips · exit · the guest's word · the trip that is the outcome
        Arguments.of(WALL, List.of(WALL), KILLED, SILENT, WALL),
        Arguments.of(OUTPUT, List.of(OUTPUT), KILLED, SILENT, OUTPUT),
        // It ended by itself before our kill, but what it wrote is not whole.
        Arguments.of(OUTPUT, List.of(OUTPUT), WELL, VALUE, OUTPUT),
        Arguments.of(WALL, List.of(WALL, OUTPUT), WELL, VALUE, WALL),
        Arguments.of(WALL, List.of(WALL), null, VALUE, WALL),
        // It had ended badly, or not at all, when the kill reached it.
        Arguments.of(WALL, List.of(WALL), new CellExit.Exited(1), SILENT, WALL),
        Arguments.of(WALL, List.of(WALL), new CellExit.Signaled(9), SILENT, WALL),
        // Who killed first: what was met while it was dying is only listed.
        Arguments.of(WALL, List.of(WALL, MEMORY), KILLED, SILENT, WALL),
        Arguments.of(WALL, List.of(WALL, CPU), KILLED, SILENT, WALL),
        Arguments.of(WALL, List.of(WALL, MEMORY), WELL, VALUE, WALL),
        Arguments.of(MEMORY, List.of(MEMORY, WALL), KILLED, SILENT, MEMORY),
        Arguments.of(CPU, List.of(CPU, MEMORY), KILLED, SILENT, CPU),
        // A memory kill of a helper process is one, however the program takes it.
        Arguments.of(null, List.of(MEMORY), new CellExit.Exited(137), SILENT, MEMORY),
        Arguments.of(null, List.of(MEMORY), WELL, VALUE, MEMORY),
        Arguments.of(null, List.of(MEMORY), new CellExit.Signaled(9), SILENT, MEMORY),
        Arguments.of(null, List.of(WATCHED_MEMORY), KILLED, SILENT, WATCHED_MEMORY),
        // Nobody had killed for its processor time yet: the kernel did, for memory.
        Arguments.of(null, List.of(CPU, MEMORY), KILLED, SILENT, MEMORY),
        // Where a denial is to end the task, it does, whenever it is seen.
        Arguments.of(null, List.of(FATAL_PIDS), WELL, VALUE, FATAL_PIDS),
        // A kill goes before a denial.
        Arguments.of(WALL, List.of(PIDS, WALL), KILLED, SILENT, WALL),
        // A denial is the reason of a failure that follows it, the first one.
        Arguments.of(null, List.of(PIDS), new CellExit.Exited(1), SILENT, PIDS),
        Arguments.of(null, List.of(PIDS), new CellExit.Signaled(6), SILENT, PIDS),
        Arguments.of(null, List.of(DISK, PIDS), null, THREW, DISK),
        Arguments.of(null, List.of(DISK), WELL, SILENT, DISK));
  }

  @ParameterizedTest
  @MethodSource
  void exceeded(
      @Nullable Trip stop,
      List<Trip> trips,
      @Nullable CellExit exit,
      Word<String> word,
      Trip expected) {
    Outcome<String> outcome =
        outcome(stop == null ? null : new Stop.LimitHit(stop), trips, exit, word);

    assertThat(outcome)
        .isInstanceOfSatisfying(
            Outcome.LimitExceeded.class,
            limit -> {
              assertThat(limit.trip()).isEqualTo(expected);
              assertThat(limit.report().trips()).isEqualTo(trips);
            });
  }

  @Test
  void aValueIsASuccessWithItsDenials() {
    assertThat(outcome(null, List.of(PIDS, DISK), WELL, VALUE))
        .isEqualTo(new Outcome.Succeeded<>("value", report(List.of(PIDS, DISK))));
    assertThat(outcome(null, List.of(), null, VALUE))
        .isEqualTo(new Outcome.Succeeded<>("value", report(List.of())));
  }

  @Test
  void whatEndedWellBeforeTheKillReachedItKeepsItsSuccess() {
    for (Stop stop : List.of(new Stop.LimitHit(WALL), new Stop.LimitHit(CPU))) {
      Trip trip = ((Stop.LimitHit) stop).trip();
      assertThat(outcome(stop, List.of(trip), WELL, VALUE))
          .isEqualTo(new Outcome.Succeeded<>("value", report(List.of(trip))));
    }
    assertThat(outcome(new Stop.Cancelled(), List.of(), WELL, VALUE))
        .isInstanceOf(Outcome.Succeeded.class);
    // Nobody had looked: it passed the limit, and ended before anything was done about that.
    assertThat(outcome(null, List.of(CPU), null, VALUE)).isInstanceOf(Outcome.Succeeded.class);
  }

  @Test
  void aFailureIsNotBlamedOnTimeThatNobodyKilledFor() {
    assertThat(outcome(null, List.of(CPU), new CellExit.Exited(7), SILENT))
        .isInstanceOf(Outcome.Failed.class);
    assertThat(outcome(null, List.of(CPU), new CellExit.Signaled(9), SILENT))
        .isInstanceOf(Outcome.Crashed.class);
    assertThat(outcome(null, List.of(CPU, PIDS), null, THREW))
        .isInstanceOfSatisfying(
            Outcome.LimitExceeded.class, exceeded -> assertThat(exceeded.trip()).isEqualTo(PIDS));
  }

  static Stream<Arguments> failed() {
    return Stream.of(
        Arguments.of(new CellExit.Exited(7), SILENT, "exit status 7", 7, ""),
        Arguments.of(new CellExit.Exited(7), THREW, "boom", 7, "at x"),
        // The number that a shell gives to a killed child is a number like any other.
        Arguments.of(new CellExit.Exited(137), SILENT, "exit status 137", 137, ""),
        Arguments.of(new CellExit.Exited(3), SILENT, "exit status 3", 3, ""),
        // A value and then a bad end: the value is not to be trusted.
        Arguments.of(new CellExit.Exited(1), VALUE, "exit status 1", 1, ""),
        Arguments.of(WELL, THREW, "boom", 0, "at x"),
        Arguments.of(WELL, SILENT, "exit status 0", 0, ""),
        Arguments.of(null, THREW, "boom", null, "at x"),
        Arguments.of(null, SILENT, "it gave no answer", null, ""));
  }

  @ParameterizedTest
  @MethodSource
  void failed(
      @Nullable CellExit exit,
      Word<String> word,
      String message,
      @Nullable Integer status,
      String trace) {
    assertThat(outcome(null, List.of(), exit, word))
        .isInstanceOfSatisfying(
            Outcome.Failed.class,
            failed -> {
              assertThat(failed.message()).isEqualTo(message);
              assertThat(failed.guestTrace()).isEqualTo(trace);
              if (status == null) {
                assertThat(failed.exitStatus()).isEmpty();
              } else {
                assertThat(failed.exitStatus()).hasValue(status);
              }
            });
  }

  @Test
  void aSignalIsACrashWithItsName() {
    assertThat(outcome(null, List.of(), new CellExit.Signaled(11), THREW))
        .isInstanceOfSatisfying(
            Outcome.Crashed.class,
            crashed -> {
              assertThat(crashed.signal()).isEqualTo(11);
              assertThat(crashed.description()).startsWith("SIGSEGV");
            });
    assertThat(outcome(null, List.of(), new CellExit.Signaled(40), SILENT))
        .isInstanceOfSatisfying(
            Outcome.Crashed.class,
            crashed -> assertThat(crashed.description()).startsWith("signal 40"));
  }

  @Test
  void aKillThatNobodyExplainsIsACrashAndNeverALimit() {
    assertThat(outcome(null, List.of(), KILLED, VALUE))
        .isInstanceOfSatisfying(
            Outcome.Crashed.class,
            crashed -> {
              assertThat(crashed.signal()).isEqualTo(9);
              assertThat(crashed.description()).contains("not by Cordon");
            });
  }

  @Test
  void aKillFromOutsideIsNotBlamedOnWhatWasDeniedBefore() {
    for (CellExit killed :
        List.of(
            KILLED,
            new CellExit.Signaled(9),
            new CellExit.Broke(CellExit.Part.VIRTUAL_MACHINE, 9, "somebody killed it"))) {
      assertThat(outcome(null, List.of(PIDS, DISK), killed, SILENT))
          .isInstanceOfSatisfying(
              Outcome.Crashed.class,
              crashed -> {
                assertThat(crashed.signal()).isEqualTo(9);
                assertThat(crashed.report().trips()).containsExactly(PIDS, DISK);
              });
    }
  }

  @Test
  void whatTheApplicationCancelledIsCancelledWhateverItSays() {
    assertThat(outcome(new Stop.Cancelled(), List.of(), KILLED, SILENT))
        .isInstanceOf(Outcome.Cancelled.class);
    assertThat(outcome(new Stop.Cancelled(), List.of(PIDS), new CellExit.Exited(1), THREW))
        .isInstanceOf(Outcome.Cancelled.class);
    // The kernel killed something while it was dying of the cancellation.
    assertThat(outcome(new Stop.Cancelled(), List.of(MEMORY), KILLED, SILENT))
        .isInstanceOf(Outcome.Cancelled.class);
  }

  @Test
  void whatCantBeBelievedFailsWithTheReason() {
    assertThat(outcome(new Stop.Broken("a frame of 4 GiB"), List.of(), KILLED, VALUE))
        .isInstanceOfSatisfying(
            Outcome.Failed.class,
            failed -> assertThat(failed.message()).isEqualTo("a frame of 4 GiB"));
  }

  @Test
  void theGuestsWordOnMemoryIsMarkedAsItsOwn() {
    assertThat(outcome(null, List.of(CPU), new CellExit.Exited(3), NO_MEMORY))
        .isInstanceOfSatisfying(
            Outcome.LimitExceeded.class,
            exceeded -> {
              assertThat(exceeded.limit()).isEqualTo(Limit.MEMORY);
              assertThat(exceeded.trip().evidence()).isEqualTo(Evidence.GUEST);
              assertThat(exceeded.observed()).isEqualTo(900);
              assertThat(exceeded.allowed()).isEqualTo(1000);
              assertThat(exceeded.report().trips()).containsExactly(CPU, exceeded.trip());
            });
    // It never overrides the other two: a thread that pids.max denies is an OutOfMemoryError, too.
    assertThat(outcome(null, List.of(PIDS), new CellExit.Exited(3), NO_MEMORY))
        .isInstanceOfSatisfying(
            Outcome.LimitExceeded.class,
            exceeded -> {
              assertThat(exceeded.trip()).isEqualTo(PIDS);
              assertThat(exceeded.report().trips())
                  .extracting(Trip::limit)
                  .containsExactly(Limit.PIDS, Limit.MEMORY);
            });
    assertThat(outcome(new Stop.LimitHit(WALL), List.of(WALL), new CellExit.Exited(3), NO_MEMORY))
        .isInstanceOfSatisfying(
            Outcome.LimitExceeded.class,
            exceeded -> assertThat(exceeded.limit()).isEqualTo(Limit.WALL));
    assertThat(outcome(new Stop.Cancelled(), List.of(), new CellExit.Exited(3), NO_MEMORY))
        .isInstanceOf(Outcome.Cancelled.class);
  }

  @Test
  void whatItsThreadsWereAtIsToldOfATaskThatRanOutOfTimeAlone() {
    assertThat(outcome(new Stop.LimitHit(WALL), List.of(WALL), null, new Word.Silent<>()))
        .isInstanceOfSatisfying(
            Outcome.LimitExceeded.class,
            exceeded -> assertThat(exceeded.guestTrace()).isEqualTo(THREADS));
    assertThat(outcome(new Stop.LimitHit(OUTPUT), List.of(OUTPUT), null, new Word.Silent<>()))
        .isInstanceOfSatisfying(
            Outcome.LimitExceeded.class, exceeded -> assertThat(exceeded.guestTrace()).isEmpty());
  }

  private static Outcome<String> outcome(
      @Nullable Stop stop, List<Trip> trips, @Nullable CellExit exit, Word<String> word) {
    return Verdict.of(
        new Facts<>(
            report(trips),
            new SandboxLimits(1000, 1000, 64, new SandboxLimits.Disk(1, 1)),
            Optional.ofNullable(stop),
            Optional.ofNullable(exit),
            word,
            THREADS));
  }

  private static TaskReport report(List<Trip> trips) {
    return new TaskReport(
        "acme",
        new Isolation("process", "cgroup-v2", List.of(), List.of()),
        new Usage(Duration.ZERO, Duration.ZERO, Duration.ZERO, OptionalLong.of(900), 0),
        trips);
  }
}
