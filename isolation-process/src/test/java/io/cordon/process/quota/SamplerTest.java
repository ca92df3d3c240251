package io.cordon.process.quota;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SamplerTest {
  private final Sampler sampler = new Sampler(Duration.ofMillis(1));

  @AfterEach
  void end() {
    sampler.close();
  }

  @Test
  void looksAgainAndAgain() throws Exception {
    CountDownLatch looks = new CountDownLatch(3);
    sampler.add(looks::countDown);

    looks.await();
  }

  @Test
  void aLookThatFailsSpoilsNeitherItsNextNorThoseOfOthers() throws Exception {
    CountDownLatch failures = new CountDownLatch(3);
    CountDownLatch looks = new CountDownLatch(3);
    sampler.add(
        () -> {
          failures.countDown();
          throw new IllegalStateException("a failure that the test wants");
        });
    sampler.add(looks::countDown);

    failures.await();
    looks.await();
  }

  @Test
  void whatIsRemovedIsNotLookedAt() throws Exception {
    AtomicInteger looks = new AtomicInteger();
    Runnable look = looks::incrementAndGet;
    sampler.add(look);
    Await.until("a look", () -> looks.get() > 0);

    sampler.remove(look);
    CountDownLatch others = new CountDownLatch(2);
    sampler.add(others::countDown); // its first round may be the last of the removed one
    others.await();
    int after = looks.get();
    CountDownLatch more = new CountDownLatch(3);
    sampler.add(more::countDown);
    more.await();

    assertThat(looks.get()).isEqualTo(after);
  }

  @Test
  void beginsAnewAfterAnIdleTime() throws Exception {
    CountDownLatch first = new CountDownLatch(1);
    Runnable look = first::countDown;
    sampler.add(look);
    first.await();
    sampler.remove(look);

    CountDownLatch second = new CountDownLatch(2);
    sampler.add(second::countDown);

    second.await();
  }
}
