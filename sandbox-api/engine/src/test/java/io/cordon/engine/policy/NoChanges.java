package io.cordon.engine.policy;

import com.google.common.util.concurrent.Uninterruptibles;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Tells of nothing, as a network file system does. */
public final class NoChanges implements Changes {
  private final CountDownLatch closed = new CountDownLatch(1);

  @Override
  public boolean await(Duration most) {
    boolean _ = Uninterruptibles.awaitUninterruptibly(closed, most.toNanos(), TimeUnit.NANOSECONDS);
    return false;
  }

  @Override
  public void close() {
    closed.countDown();
  }
}
