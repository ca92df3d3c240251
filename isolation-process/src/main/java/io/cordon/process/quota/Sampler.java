package io.cordon.process.quota;

import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Looks at live cells from one thread, periodically, and not at all while there are none. When a
 * round of looks takes long, the next waits in proportion, so that about a tenth of a core is spent
 * at most; but not for long: on a busy host a round takes long because others run, and that is when
 * cells need to be looked at.
 */
final class Sampler implements AutoCloseable {
  static final Duration USUAL_PERIOD = Duration.ofMillis(20);
  private static final int REST = 9; // times as long as the looks took
  private static final int LONGEST_REST = 5; // periods

  private final ScheduledThreadPoolExecutor thread;
  private final Set<Runnable> looks = new LinkedHashSet<>();
  private final long period;
  private boolean roundDue;

  /** Those whose last look failed, of which was told. */
  private final Set<Runnable> failing = ConcurrentHashMap.newKeySet();

  Sampler(Duration period) {
    this.period = period.toNanos();
    thread =
        new ScheduledThreadPoolExecutor(
            1, Thread.ofPlatform().daemon().name("cordon-quota").factory());
  }

  synchronized void add(Runnable look) {
    looks.add(look);
    if (!roundDue) {
      next(period);
    }
  }

  synchronized void remove(Runnable look) {
    looks.remove(look);
    failing.remove(look);
  }

  private synchronized List<Runnable> looks() {
    roundDue = false;
    return List.copyOf(looks);
  }

  private void round() {
    long began = System.nanoTime();
    try {
      looks().forEach(this::look);
    } finally { // whatever happens: the others must be looked at
      long took = System.nanoTime() - began;
      synchronized (this) {
        if (!looks.isEmpty() && !roundDue) {
          next(Math.clamp(REST * took, period, LONGEST_REST * period));
        }
      }
    }
  }

  private void look(Runnable look) {
    try {
      look.run();
      failing.remove(look);
    } catch (RuntimeException e) {
      if (failing.add(look)) {
        System.getLogger(Sampler.class.getName())
            .log(Level.WARNING, "a cell can't be looked at, which is tried again", e);
      }
    }
  }

  private void next(long nanos) {
    if (!thread.isShutdown()) {
      roundDue = true;
      var _ = thread.schedule(this::round, nanos, TimeUnit.NANOSECONDS);
    }
  }

  @Override
  public void close() {
    thread.shutdownNow();
  }
}
