package io.cordon.vm;

import static org.assertj.core.api.Assertions.assertThat;

import io.cordon.vm.agent.GuestCounters;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class GuestMeterTest {

  /** Looks that were begun, for the test to answer. */
  private final Queue<CompletableFuture<GuestCounters>> looks = new ArrayDeque<>();

  private final GuestMeter meter =
      new GuestMeter(Optional.of(this::look), Duration.ZERO, Runnable::run);

  private CompletableFuture<GuestCounters> look() {
    CompletableFuture<GuestCounters> look = new CompletableFuture<>();
    looks.add(look);
    return look;
  }

  private static GuestCounters denied(long pids) {
    return new GuestCounters(0, OptionalLong.empty(), OptionalLong.empty(), 1, pids, 0, 0);
  }

  @Test
  void nothingIsKnownBeforeTheGuestAnswers() {
    meter.refresh();
    CompletableFuture<GuestCounters> look = looks.remove();
    assertThat(meter.counters()).isSameAs(GuestCounters.NONE);

    look.complete(denied(3));

    assertThat(meter.counters().pidsDenied()).isEqualTo(3);
  }

  @Test
  void ofAMachineThatRunsTheHostCountsTheMemory() {
    GuestCounters all = new GuestCounters(2, OptionalLong.of(7), OptionalLong.of(5), 1, 3, 0, 0);
    meter.refresh();
    looks.remove().complete(all);
    assertThat(meter.counters()).isEqualTo(denied(3));

    meter.conclude(all);
    assertThat(meter.counters()).isEqualTo(all);
  }

  @Test
  void aGuestThatDoesNotAnswerIsNotAskedAgain() {
    meter.refresh();
    CompletableFuture<GuestCounters> look = looks.remove();
    meter.refresh();
    assertThat(looks).isEmpty();

    look.complete(denied(3));
    meter.refresh();

    assertThat(looks.remove()).isNotDone();
  }

  @Test
  void whatWasOnItsWayIsOlderThanTheLast() {
    meter.refresh();
    CompletableFuture<GuestCounters> look = looks.remove();
    meter.conclude(denied(5));

    look.complete(denied(3));
    meter.refresh();

    assertThat(meter.counters().pidsDenied()).isEqualTo(5);
    assertThat(looks).isEmpty();
  }

  @Test
  void aGuestThatIsGoneLeavesWhatWasKnown() {
    meter.refresh();
    looks.remove().complete(denied(3));
    meter.refresh();

    looks.remove().completeExceptionally(new GuestLostException("gone"));
    meter.refresh();

    assertThat(meter.counters().pidsDenied()).isEqualTo(3);
    assertThat(looks).isEmpty();
  }

  @Test
  void aWorkersIsNotAskedBeforeItsEnd() {
    GuestMeter worker = GuestMeter.onceItHasEnded();
    worker.refresh();

    worker.conclude(denied(1));

    assertThat(worker.counters().pidsDenied()).isEqualTo(1);
  }
}
