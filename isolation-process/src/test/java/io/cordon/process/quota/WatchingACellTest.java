package io.cordon.process.quota;

import static org.assertj.core.api.Assertions.assertThat;

import io.cordon.policy.TenantLimits;
import io.cordon.sandbox.Evidence;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What is seen of a cell in /proc, pass by pass. The host has a stranger, 50, and the cell is 100.
 */
class WatchingACellTest {
  private static final long MIB = 1 << 20;
  private static final long TICK = 10_000_000;

  @TempDir Path root;
  private FakeProc proc;
  private ProcessWatch watch;
  private WatchedCell cell;

  /** No passes but those of the test. */
  private final Sampler never = new Sampler(Duration.ofDays(1));

  private final List<Long> killed = new ArrayList<>();

  @BeforeEach
  void host() throws IOException {
    proc = new FakeProc(root);
    proc.process(50, 1).resident(500 * MIB).threads(99).write();
    proc.process(100, 50).resident(MIB).write();
    watch = new ProcessWatch(proc.table(), never);
    cell = cell(64 * MIB, 10);
    cell.started(100);
  }

  private TenantLimits total = TenantLimits.NONE;

  private WatchedCell cell(long memoryMax, long pidsMax) {
    SignalRounds kills =
        new SignalRounds(
            (pid, signal) -> {
              killed.add(pid);
              proc.exit(pid);
            });
    return new WatchedCell(
        proc.table(), watch, watch.tenant("acme", total), kills, memoryMax, pidsMax);
  }

  @AfterEach
  void end() {
    never.close();
  }

  private long pids() throws IOException {
    return cell.pids().current();
  }

  @Test
  void initAndAllItsDescendantsAreOfTheCell() throws IOException {
    proc.process(102, 101).resident(2 * MIB).threads(3).write();
    proc.process(101, 100).resident(4 * MIB).write();

    watch.pass();

    assertThat(pids()).isEqualTo(5);
    assertThat(cell.memory().current()).hasValue(7 * MIB);
    assertThat(cell.memory().evidence()).isEqualTo(Evidence.HOST);
  }

  @Test
  void whoHasLostHisParentStaysInTheCell() throws IOException {
    proc.process(101, 100).write();
    proc.process(102, 101).write();
    watch.pass();

    proc.exit(101);
    proc.process(102, 1).write(); // as without a pid namespace: to the host's init
    watch.pass();

    assertThat(pids()).isEqualTo(2);
  }

  @Test
  void anOrphanWhoseParentVanishedWithinAPassIsFoundInTheNext() throws IOException {
    proc.process(102, 101).write(); // 101 has exited, and 102 was read just before
    watch.pass();
    assertThat(pids()).isEqualTo(1);

    proc.process(102, 100).write();
    watch.pass();

    assertThat(pids()).isEqualTo(2);
  }

  @Test
  void aStrangerWhosePidGoesToTheCellIsFoundInTime() throws IOException {
    proc.process(60, 50).write();
    watch.pass();
    proc.process(60, 100).startedAt(2000).write();

    for (int i = 0; i < 50; i++) {
      watch.pass();
    }

    assertThat(pids()).isEqualTo(2);
  }

  @Test
  void aMemberWhosePidGoesToAStrangerIsLostAtOnce() throws IOException {
    proc.process(101, 100).used(5, 0).write();
    watch.pass();
    proc.process(101, 50).startedAt(2000).used(1000, 0).write();

    watch.pass();

    assertThat(pids()).isEqualTo(1);
    assertThat(cell.cpu().time().user()).isEqualTo(5 * TICK);
  }

  @Test
  void whenCellsOfATenantHaveTooMuchTogetherTheLargestDiesForTheTenant() throws IOException {
    total =
        new TenantLimits(
            OptionalInt.empty(),
            OptionalLong.empty(),
            OptionalLong.of(80 * MIB),
            OptionalInt.empty());
    proc.process(101, 100).resident(30 * MIB).write();
    proc.process(200, 50).resident(60 * MIB).write();
    WatchedCell larger = cell(64 * MIB, 10);
    larger.started(200);

    watch.pass();
    assertThat(killed).as("it may be a vfork").isEmpty();
    watch.pass();

    assertThat(killed).containsExactly(200L);
    assertThat(larger.memoryTotal().kills()).isEqualTo(1);
    assertThat(larger.memory().kills()).isZero();
    assertThat(larger.memoryTotal().peak()).hasValue(91 * MIB);
    assertThat(cell.memoryTotal().kills()).isZero();

    watch.pass();
    watch.pass();
    assertThat(killed).as("one was enough").containsExactly(200L);
  }

  @Test
  void cellsAreToldApart() throws IOException {
    proc.process(200, 50).write();
    proc.process(201, 200).threads(4).write();
    WatchedCell other = cell(64 * MIB, 10);
    other.started(200);

    watch.pass();

    assertThat(pids()).isEqualTo(1);
    assertThat(other.pids().current()).isEqualTo(5);
  }

  @Test
  void childrenFromBeforeTheStartWasToldAreOfTheCell() throws IOException {
    proc.process(200, 50).write();
    proc.process(201, 200).write();
    watch.pass(); // another cell's, which takes both for strangers
    WatchedCell other = cell(64 * MIB, 10);

    other.started(200);
    watch.pass();

    assertThat(other.pids().current()).isEqualTo(2);
  }

  @Test
  void theDeadThatNobodyWaitedForKeepTheirPid() throws IOException {
    proc.process(101, 100).zombie().threads(0).write();

    watch.pass();

    assertThat(pids()).isEqualTo(2);
  }

  @Test
  void eachLookAtAReachedPidsLimitCounts() throws IOException {
    proc.process(101, 100).threads(9).write();
    watch.pass();
    assertThat(cell.pids().denied()).as("one more may come: init is not of the ten").isZero();

    proc.process(101, 100).threads(10).write();
    watch.pass();
    watch.pass();

    assertThat(cell.pids().denied()).isEqualTo(2);
    assertThat(cell.pids().evidence()).isEqualTo(Evidence.HOST);
    assertThat(killed).isEmpty();
  }

  @Test
  void memorySeenAboveTheLimitTwiceKillsTheWholeCell() throws IOException {
    proc.process(101, 100).resident(64 * MIB).write();
    watch.pass();
    assertThat(killed).isEmpty();

    watch.pass();

    assertThat(killed).containsExactlyInAnyOrder(100L, 101L);
    assertThat(cell.memory().kills()).isEqualTo(2);
    assertThat(cell.memory().peak()).hasValue(65 * MIB);
    watch.pass();
    assertThat(cell.memory().kills()).isEqualTo(2);
  }

  @Test
  void memorySeenAboveTheLimitOnceDoesNot() throws IOException {
    for (int i = 0; i < 3; i++) {
      proc.process(101, 100).resident(64 * MIB).write();
      watch.pass();
      proc.exit(101); // the child of a vfork has executed
      watch.pass();
    }

    assertThat(killed).isEmpty();
    assertThat(cell.memory().kills()).isZero();
  }

  @Test
  void whatProcessesShareIsDividedBeforeAnybodyDiesOfIt() throws IOException {
    for (long pid = 101; pid <= 104; pid++) {
      proc.process(pid, 100).resident(40 * MIB).sharing(10 * MIB).write();
    }

    watch.pass();
    watch.pass();

    assertThat(killed).isEmpty();
    assertThat(cell.memory().current()).hasValue(41 * MIB);
  }

  @Test
  void whoHidesWhatHeSharesIsChargedAllOfIt() throws IOException {
    proc.process(101, 100).resident(40 * MIB).write();
    proc.process(102, 100).resident(40 * MIB).write();

    watch.pass();
    watch.pass();

    assertThat(killed).containsExactlyInAnyOrder(100L, 101L, 102L);
  }

  @Test
  void timeOfTheDeadIsKept() throws IOException {
    proc.process(101, 100).used(30, 7).write();
    watch.pass();
    proc.exit(101);
    watch.pass();

    assertThat(cell.cpu().time()).isEqualTo(new CpuMeter.CpuTime(30 * TICK, 7 * TICK));
  }

  @Test
  void timeOfThoseTooBriefToBeSeenIsThatOfWhoWaitedForThem() throws IOException {
    proc.process(101, 100).used(1, 1).reaped(500, 40).write();

    watch.pass();

    assertThat(cell.cpu().time()).isEqualTo(new CpuMeter.CpuTime(501 * TICK, 41 * TICK));
  }

  @Test
  void timeIsNotCountedTwice() throws IOException {
    proc.process(101, 100).used(300, 0).write();
    watch.pass();
    proc.exit(101);
    proc.process(100, 50).reaped(300, 0).write();
    watch.pass();

    assertThat(cell.cpu().time().user()).isEqualTo(300 * TICK);
  }

  /** 90 was read before its parent 101; in between, 101 may have waited for it. */
  @Test
  void aChildThatWasReadBeforeItsParentIsNotCountedTwice() throws IOException {
    proc.process(90, 101).used(300, 0).write();
    proc.process(101, 100).reaped(300, 0).write();

    watch.pass();

    assertThat(cell.cpu().time().user()).isEqualTo(300 * TICK);
  }

  @Test
  void anInitThatIsDeadButNotWaitedForShowsAllOfTheTime() throws IOException {
    watch.pass();

    proc.process(100, 50).zombie().used(2, 1).reaped(1000, 100).write();

    assertThat(cell.cpu().time()).isEqualTo(new CpuMeter.CpuTime(1002 * TICK, 101 * TICK));
  }

  @Test
  void aSuccessorOfInitsPidIsNotTheCells() throws IOException {
    watch.pass();
    proc.process(100, 50).startedAt(9999).used(1000, 0).write();

    watch.pass();
    cell.kill();

    assertThat(cell.cpu().time().user()).isZero();
    assertThat(killed).isEmpty();
  }

  @Test
  void aNameDoesNotMakeAStrangerOfAMember() throws IOException {
    proc.process(101, 100).named("x) S 1 1 1 0 -1 0 0 0 0 0").write();

    watch.pass();

    assertThat(pids()).isEqualTo(2);
  }

  @Test
  void aCellThatHasEndedIsNotLookedAt() throws IOException {
    watch.pass();
    cell.end();
    proc.process(101, 100).resident(640 * MIB).write();

    watch.pass();
    watch.pass();
    cell.kill();

    assertThat(killed).isEmpty();
    assertThat(pids()).isEqualTo(1);
  }

  @Test
  void whereTheKernelHoldsMemoryNobodyIsKilledForIt() throws IOException {
    cell.end();
    cell = cell(Long.MAX_VALUE, Long.MAX_VALUE);
    cell.started(100);
    proc.process(101, 100).resident(640 * MIB).threads(1000).write();

    watch.pass();
    watch.pass();

    assertThat(killed).isEmpty();
    assertThat(cell.pids().denied()).isZero();
  }
}
