package io.cordon.engine.pool;

import static org.assertj.core.api.Assertions.assertThat;

import io.cordon.engine.runtime.WorkerKind;
import io.cordon.engine.supervision.RunningTask;
import io.cordon.policy.Limit;
import io.cordon.sandbox.Evidence;
import io.cordon.sandbox.Outcome;
import io.cordon.sandbox.spi.CellCounters;
import io.cordon.sandbox.spi.CellExit;
import java.io.IOException;
import java.util.OptionalLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** How a task is told to have ended whose worker gives no answer any more. */
@Timeout(30)
class WorkerDeathTest {
  private static final byte[] HALF_A_FRAME = {0, 0, 1, 0, (byte) 0x84, 0};

  private final ScriptedWorker far = ScriptedWorker.ready();
  private final Worker worker = far.worker("acme", WorkerKind.JAVASCRIPT);
  private final RunningTask task = ScriptedWorker.task();

  WorkerDeathTest() {
    task.attach(worker.cell(), worker.isolation());
    task.dispatch(worker.cell().counters());
  }

  @AfterEach
  void nothingIsLeft() {
    far.close();
  }

  @Test
  void aSignalInTheMiddleOfAWordIsACrash() throws IOException {
    far.sayBytes(HALF_A_FRAME);
    far.die(new CellExit.Signaled(11));

    assertThat(death())
        .isInstanceOfSatisfying(
            Outcome.Crashed.class, crashed -> assertThat(crashed.signal()).isEqualTo(11));
  }

  @Test
  void aMemoryKillInTheMiddleOfAWordIsTheMemoryLimit() throws IOException {
    far.sayBytes(HALF_A_FRAME);
    far.cell().counters(memoryKills(1));
    far.die(new CellExit.Killed());

    assertMemory(death());
  }

  @Test
  void aMemoryKillThatLeavesABrokenWordIsTheMemoryLimitAllTheSame() throws IOException {
    far.cell().counters(memoryKills(1));
    far.sayBytes((byte) -1, (byte) -1, (byte) -1, (byte) -1);
    far.channel().join();

    assertMemory(death());
  }

  @Test
  void anExitStatusThatLooksLikeAKillIsAFailure() throws IOException {
    far.die(new CellExit.Exited(137));

    assertThat(death()).isInstanceOf(Outcome.Failed.class);
  }

  @Test
  void theStatusOfAJvmOutOfMemoryIsNotEnough() throws IOException {
    far.die(new CellExit.Exited(3));

    assertThat(death()).isInstanceOf(Outcome.Failed.class);
  }

  @Test
  void aWorkerThatHangsUpAndGoesOnIsKilledAndSaidToHaveDoneSo() throws IOException {
    far.hangUp();

    assertThat(death())
        .isInstanceOfSatisfying(
            Outcome.Failed.class,
            failed -> assertThat(failed.message()).contains("closed its channel"));
    assertThat(far.cell().kills()).isPositive();
  }

  private Outcome<String> death() {
    far.channel().join();
    return worker.death(task);
  }

  private static void assertMemory(Outcome<String> outcome) {
    assertThat(outcome)
        .isInstanceOfSatisfying(
            Outcome.LimitExceeded.class,
            exceeded -> {
              assertThat(exceeded.limit()).isEqualTo(Limit.MEMORY);
              assertThat(exceeded.trip().evidence()).isEqualTo(Evidence.KERNEL);
            });
  }

  private static CellCounters memoryKills(long kills) {
    return new CellCounters(
        0,
        0,
        OptionalLong.of(0),
        OptionalLong.of(1),
        kills,
        Evidence.KERNEL,
        0,
        0,
        Evidence.KERNEL,
        0,
        0);
  }
}
