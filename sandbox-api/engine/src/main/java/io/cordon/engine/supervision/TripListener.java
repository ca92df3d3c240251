package io.cordon.engine.supervision;

import com.google.common.util.concurrent.MoreExecutors;
import io.cordon.sandbox.Trip;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/**
 * Somebody in the application who is told of trips: in order, and by threads that nobody waits for.
 */
public final class TripListener {
  private final Consumer<? super Trip> consumer;
  private final AtomicBoolean failed = new AtomicBoolean();
  private final Executor inOrder =
      MoreExecutors.newSequentialExecutor(
          work -> Thread.ofVirtual().name("cordon-trip").start(work));

  /** Somebody who is told nothing yet. */
  public TripListener(Consumer<? super Trip> consumer) {
    this.consumer = consumer;
  }

  /** Tells of a trip, some time soon. */
  void tell(Trip trip) {
    inOrder.execute(() -> accept(trip));
  }

  private void accept(Trip trip) {
    try {
      consumer.accept(trip);
    } catch (Throwable e) { // its own defect: it keeps nothing else from being told
      if (failed.compareAndSet(false, true)) {
        System.getLogger("io.cordon.sandbox")
            .log(
                System.Logger.Level.WARNING,
                "a listener of trips failed, and is told of the next all the same; this is said"
                    + " once",
                e);
      }
    }
  }
}
