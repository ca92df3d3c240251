package io.cordon.engine.admission;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.benmanes.caffeine.cache.Ticker;
import io.cordon.policy.AdmissionLimits;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Many threads at once: nobody is let in too many, told twice, or forgotten. */
@Timeout(60)
class GateRacesTest {
  private static final int ROUNDS = 2_000;

  private static AdmissionLimits limits(int concurrent, int queue) {
    return new AdmissionLimits(
        OptionalInt.of(concurrent),
        Optional.empty(),
        Optional.empty(),
        new AdmissionLimits.Queue(queue, Duration.ofDays(1)));
  }

  private static Gate gate(OptionalInt places) {
    return new Gate(places, Ticker.systemTicker(), () -> {});
  }

  /** Does both at once, as often as it takes to see either come first. */
  private static void race(Runnable one, Runnable other) throws InterruptedException {
    CyclicBarrier start = new CyclicBarrier(2);
    Thread rival =
        Thread.ofVirtual()
            .start(
                () -> {
                  await(start);
                  other.run();
                });
    await(start);
    one.run();
    rival.join();
  }

  private static void await(CyclicBarrier barrier) {
    try {
      barrier.await();
    } catch (InterruptedException | BrokenBarrierException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void oneOfTwoGetsTheLastPlaceAndTheOtherIsRefused() throws InterruptedException {
    for (int i = 0; i < ROUNDS; i++) {
      Admission acme = gate(OptionalInt.empty()).of("acme", limits(1, 0));
      Guest one = new Guest();
      Guest other = new Guest();
      race(() -> acme.enter(one), () -> acme.enter(other));

      assertThat(one.isInside()).isNotEqualTo(other.isInside());
      assertThat(List.of(one, other)).noneMatch(Guest::waits);
    }
  }

  @Test
  void whoComesWhileTheLastOneLeavesIsLetIn() throws InterruptedException {
    for (int i = 0; i < ROUNDS; i++) {
      Admission acme = gate(OptionalInt.empty()).of("acme", limits(1, 1));
      assertThat(acme.tryEnter()).isTrue();
      Guest next = new Guest();
      race(acme::leave, () -> acme.enter(next));

      assertThat(next.isInside()).isTrue();
    }
  }

  @Test
  void whoWithdrawsJustWhenItsTurnComesIsEitherInOrLeavesThePlaceToTheNext()
      throws InterruptedException {
    for (int i = 0; i < ROUNDS; i++) {
      Admission acme = gate(OptionalInt.empty()).of("acme", limits(1, 2));
      assertThat(acme.tryEnter()).isTrue();
      Guest undecided = new Guest();
      Ticket ticket = acme.enter(undecided);
      Guest next = new Guest();
      acme.enter(next);
      AtomicInteger withdrawn = new AtomicInteger();
      race(acme::leave, () -> withdrawn.set(ticket.withdraw() ? 1 : 0));

      assertThat(undecided.isInside()).isEqualTo(withdrawn.get() == 0);
      assertThat(next.isInside()).isEqualTo(withdrawn.get() == 1);
    }
  }

  @Test
  void theCrowdOfAllTenantsIsServedAndNeverMoreAtOnceThanThereArePlaces()
      throws InterruptedException {
    Gate gate = gate(OptionalInt.of(3));
    AtomicInteger inside = new AtomicInteger();
    AtomicInteger most = new AtomicInteger();
    CountDownLatch served = new CountDownLatch(8 * 200);
    List<Thread> threads = new ArrayList<>();
    for (int tenant = 0; tenant < 8; tenant++) {
      Admission admission = gate.of("tenant-" + tenant, limits(2, 200));
      threads.add(
          Thread.ofPlatform()
              .start(
                  () -> {
                    for (int i = 0; i < 200; i++) {
                      admission.enter(visitor(admission, inside, most, served));
                    }
                  }));
    }
    for (Thread thread : threads) {
      thread.join();
    }
    served.await();

    assertThat(inside).hasValue(0);
    assertThat(most.get()).isBetween(1, 3);
    assertThat(gate.look()).isFalse();
  }

  /** Stays for as long as it takes a thread to begin. */
  private static Entrant visitor(
      Admission admission, AtomicInteger inside, AtomicInteger most, CountDownLatch served) {
    return new Entrant() {
      @Override
      public void admitted() {
        most.accumulateAndGet(inside.incrementAndGet(), Math::max);
        Thread.ofVirtual()
            .start(
                () -> {
                  inside.decrementAndGet();
                  admission.leave();
                  served.countDown();
                });
      }

      @Override
      public void refused(Refusal why) {
        throw new AssertionError(why);
      }
    };
  }
}
