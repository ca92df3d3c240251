package io.cordon.engine.supervision;

import static org.assertj.core.api.Assertions.assertThat;

import io.cordon.policy.Limit;
import io.cordon.sandbox.Evidence;
import io.cordon.sandbox.Trip;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Who is told of trips, when, and by whom. */
@Timeout(30)
class TripListenerTest {
  private static final Trip PIDS = trip(Limit.PIDS, 1);
  private static final Trip DISK = trip(Limit.DISK, 1);
  private static final Trip WALL = trip(Limit.WALL, 1);

  private final TripLog log = new TripLog();
  private final BlockingQueue<Trip> told = new LinkedBlockingQueue<>();

  private static Trip trip(Limit limit, long observed) {
    return new Trip(limit, limit.effect(), observed, 1, Evidence.HOST);
  }

  @Test
  void whatHasHappenedIsToldFirstAndEachOnce() throws Exception {
    log.note(PIDS);
    log.note(DISK);
    log.tell(new TripListener(told::add));
    log.note(trip(Limit.PIDS, 7));
    log.note(WALL);

    assertThat(told.take()).isEqualTo(PIDS);
    assertThat(told.take()).isEqualTo(DISK);
    assertThat(told.take()).isEqualTo(WALL);
    assertThat(told).isEmpty();
  }

  @Test
  void whoIsAddedTwiceIsToldOnce() throws Exception {
    TripListener listener = new TripListener(told::add);
    log.tell(listener);
    log.note(PIDS);
    log.tell(listener);
    log.note(WALL);

    assertThat(told.take()).isEqualTo(PIDS);
    assertThat(told.take()).isEqualTo(WALL);
    assertThat(told).isEmpty();
  }

  @Test
  void whoTakesItsTimeDelaysNobodyElse() throws Exception {
    CountDownLatch end = new CountDownLatch(1);
    BlockingQueue<Trip> slowly = new LinkedBlockingQueue<>();
    log.tell(
        new TripListener(
            trip -> {
              try {
                end.await();
              } catch (InterruptedException e) {
                throw new AssertionError(e);
              }
              slowly.add(trip);
            }));
    log.tell(new TripListener(told::add));
    log.note(PIDS);
    log.note(WALL);

    assertThat(told.take()).isEqualTo(PIDS);
    assertThat(told.take()).isEqualTo(WALL);
    assertThat(slowly).isEmpty();
    end.countDown();
    assertThat(slowly.take()).isEqualTo(PIDS);
    assertThat(slowly.take()).isEqualTo(WALL);
  }

  @Test
  void whoThrowsIsToldOfTheNextAllTheSame() throws Exception {
    log.tell(
        new TripListener(
            trip -> {
              told.add(trip);
              throw new StackOverflowError("a listener's defect");
            }));
    log.note(PIDS);
    log.note(WALL);

    assertThat(told.take()).isEqualTo(PIDS);
    assertThat(told.take()).isEqualTo(WALL);
  }
}
