package io.cordon.vm;

import static org.assertj.core.api.Assertions.assertThat;

import io.cordon.vm.agent.GuestCounters;
import java.time.Duration;
import java.util.OptionalLong;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Test;

class GuestMeterTest {

  /** Looks that were begun, for the test to answer. */
  private final Queue<CompletableFuture<GuestCounters>> looks = new ConcurrentLinkedQueue<>();

  private final GuestMeter meter = new GuestMeter(this::look, Duration.ZERO, Runnable::run);

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
  void whoAsksIsToldWhatTheGuestAnswers() {
    GuestMeter answering =
        new GuestMeter(
            () -> CompletableFuture.completedFuture(denied(4)),
            Duration.ofNanos(Long.MAX_VALUE),
            Runnable::run);
    answering.refresh();
    assertThat(answering.counters()).as("nobody has asked").isSameAs(GuestCounters.NONE);

    assertThat(answering.ask(Duration.ofSeconds(1))).isTrue();

    assertThat(answering.counters().pidsDenied()).isEqualTo(4);
  }

  @Test
  void whoAsksAGuestThatDoesNotAnswerIsNotKeptAndItIsNotAskedTwice() {
    assertThat(meter.ask(Duration.ofMillis(1))).isFalse();
    assertThat(meter.ask(Duration.ofMillis(1))).isFalse();
    assertThat(looks).hasSize(1);

    looks.remove().complete(denied(3));
    assertThat(meter.counters().pidsDenied()).isEqualTo(3);
  }

  @Test
  void whatIsToldToWhoAsksIsOfALookThatBeganThen() throws Exception {
    meter.refresh();
    CompletableFuture<GuestCounters> before = looks.remove();
    FutureTask<Boolean> asking = new FutureTask<>(() -> meter.ask(Duration.ofMinutes(1)));
    Thread.ofVirtual().start(asking);

    before.complete(denied(3));
    while (looks.isEmpty()) {
      Thread.onSpinWait();
    }
    looks.remove().complete(denied(4));

    assertThat(asking.get()).isTrue();
    assertThat(meter.counters().pidsDenied()).isEqualTo(4);
  }

  @Test
  void whoAsksAGuestThatIsGoneIsToldSo() {
    meter.conclude(denied(5));
    assertThat(meter.ask(Duration.ofDays(1))).isFalse();
  }
}
