package io.cordon.engine.policy;

import com.github.benmanes.caffeine.cache.Ticker;
import com.google.common.util.concurrent.Uninterruptibles;
import io.cordon.engine.policy.LookTimes.Pace;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The thread that looks after the policies: when it hears of a change, and now and then in case it
 * was not told, as by a network file system.
 */
public final class PolicyWatch implements AutoCloseable {
  private final LivePolicies policies;
  private final PolicySource source;
  private final Ticker ticker;
  private final Pace pace;
  private final CountDownLatch closing = new CountDownLatch(1);

  // Both are guarded by this.
  private @Nullable Changes changes;
  private @Nullable Thread thread;

  private volatile boolean begun;

  /** A watch that has not begun. */
  public PolicyWatch(LivePolicies policies, PolicySource source, Ticker ticker) {
    this(policies, source, ticker, Pace.USUAL);
  }

  PolicyWatch(LivePolicies policies, PolicySource source, Ticker ticker, Pace pace) {
    this.policies = policies;
    this.source = source;
    this.ticker = ticker;
    this.pace = pace;
  }

  /** Begins, if it hasn't: somebody uses a policy. */
  public void begin() {
    if (!begun) {
      begin(source.changes());
    }
  }

  private synchronized void begin(Changes told) {
    if (thread != null || closing.getCount() == 0) {
      told.close();
      return;
    }
    changes = told;
    thread = Thread.ofPlatform().daemon().name("cordon-policies").start(() -> run(told));
    begun = true;
  }

  private void run(Changes told) {
    boolean _ = told.await(Duration.ZERO); // before the first look: what comes later is told
    LookTimes times = new LookTimes(pace, ticker.read());
    while (closing.getCount() > 0) {
      Duration left = times.untilDue(ticker.read());
      if (left.isZero()) {
        boolean settled = policies.look();
        times.looked(ticker.read(), settled);
      } else if (times.settling()) {
        boolean _ =
            Uninterruptibles.awaitUninterruptibly(closing, left.toNanos(), TimeUnit.NANOSECONDS);
      } else if (told.await(left)) {
        times.changed(ticker.read());
      }
    }
  }

  /** Ends it; returns when it looks at nothing any more. */
  @Override
  public void close() {
    closing.countDown();
    Thread ended;
    synchronized (this) {
      if (changes != null) {
        changes.close();
      }
      ended = thread;
    }
    if (ended != null && !Thread.currentThread().equals(ended)) { // a listener may close everything
      Uninterruptibles.joinUninterruptibly(ended);
    }
  }
}
