package io.cordon.engine.supervision;

import com.google.common.util.concurrent.Uninterruptibles;
import io.cordon.engine.verdict.Stop;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;

/**
 * Looks at everything that runs, again and again, from one thread. What has a reason to be killed
 * is killed within one period, so the period bounds how much further than its limit it gets.
 */
public final class Supervisor implements AutoCloseable {
  private static final Duration PERIOD = Duration.ofMillis(20);

  /**
   * Periods in which nothing goes on before the thread lies down. Short calls in a row find it
   * awake, and never pay for waking it.
   */
  private static final int QUIET_PERIODS = 50;

  private final Set<Watched> watched = ConcurrentHashMap.newKeySet();
  private final Thread thread;
  private volatile boolean asleep;
  private volatile boolean woken;
  private volatile boolean closed;

  /** Begins to look. */
  public Supervisor() {
    thread = Thread.ofPlatform().daemon().name("cordon-supervisor").start(this::run);
  }

  /** Looks at this from now on, until {@link #forget}. */
  public void watch(Watched what) {
    watched.add(what);
    wake();
  }

  /** Looks at this no longer. */
  public void forget(Watched what) {
    watched.remove(what);
  }

  /** Something begins in what is watched. */
  public void wake() {
    if (asleep) {
      woken = true;
      LockSupport.unpark(thread);
    }
  }

  private void run() {
    int quiet = 0;
    while (!closed) {
      LockSupport.parkNanos(this, PERIOD.toNanos());
      boolean busy = lookAtAll();
      quiet = busy ? 0 : quiet + 1;
      if (quiet > QUIET_PERIODS) {
        sleep();
        quiet = 0;
      }
    }
  }

  private boolean lookAtAll() {
    boolean busy = false;
    for (Watched what : watched) {
      busy |= look(what);
    }
    return busy;
  }

  private void sleep() {
    woken = false;
    asleep = true;
    // Whatever began before the line above saw a thread that was awake: it is seen here.
    if (!lookAtAll()) {
      while (!woken && !closed) {
        LockSupport.park(this);
      }
    }
    asleep = false;
  }

  /** What can't be watched is not let run, and the others have to be looked at, too. */
  private static boolean look(Watched what) {
    try {
      return what.look();
    } catch (RuntimeException | Error e) {
      what.stop(new Stop.Broken("the host could not watch it: " + e));
      return true;
    }
  }

  @Override
  public void close() {
    closed = true;
    LockSupport.unpark(thread);
    Uninterruptibles.joinUninterruptibly(thread);
  }
}
