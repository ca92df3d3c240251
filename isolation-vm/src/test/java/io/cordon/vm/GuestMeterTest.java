package io.cordon.vm;

import static org.assertj.core.api.Assertions.assertThat;

import io.cordon.vm.agent.GuestCounters;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class GuestMeterTest {

  /** Looks that were begun, for the test to answer. */
  private final BlockingQueue<CompletableFuture<GuestCounters>> looks = new LinkedBlockingQueue<>();

  private final GuestMeter meter = new GuestMeter(Optional.of(this::look), Duration.ZERO);

  private CompletableFuture<GuestCounters> look() {
    CompletableFuture<GuestCounters> look = new CompletableFuture<>();
    looks.add(look);
    return look;
  }

  private static GuestCounters denied(long pids) {
    return new GuestCounters(0, OptionalLong.empty(), OptionalLong.empty(), 1, pids, 0, 0);
  }

  @Test
  void nothingIsKnownBeforeTheGuestAnswers() throws Exception {
    meter.refresh();
    CompletableFuture<GuestCounters> look = looks.take();
    assertThat(meter.counters()).isSameAs(GuestCounters.NONE);

    look.complete(denied(3));

    assertThat(meter.counters().pidsDenied()).isEqualTo(3);
  }

  @Test
  void ofAMachineThatRunsTheHostCountsTheMemory() throws Exception {
    GuestCounters all = new GuestCounters(2, OptionalLong.of(7), OptionalLong.of(5), 1, 3, 0, 0);
    meter.refresh();
    looks.take().complete(all);
    assertThat(meter.counters()).isEqualTo(denied(3));

    meter.conclude(all);
    assertThat(meter.counters()).isEqualTo(all);
  }

  @Test
  void aGuestThatDoesNotAnswerIsNotAskedAgain() throws Exception {
    meter.refresh();
    CompletableFuture<GuestCounters> look = looks.take();
    meter.refresh();
    assertThat(looks).isEmpty();

    look.complete(denied(3));
    meter.refresh();

    assertThat(looks.take()).isNotDone();
  }

  @Test
  void whatWasOnItsWayIsOlderThanTheLast() throws Exception {
    meter.refresh();
    CompletableFuture<GuestCounters> look = looks.take();
    meter.conclude(denied(5));

    look.complete(denied(3));
    meter.refresh();

    assertThat(meter.counters().pidsDenied()).isEqualTo(5);
    assertThat(looks).isEmpty();
  }

  @Test
  void aGuestThatIsGoneLeavesWhatWasKnown() throws Exception {
    meter.refresh();
    looks.take().complete(denied(3));
    meter.refresh();

    looks.take().completeExceptionally(new GuestLostException("gone"));
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
